package dev.modelsigning.maven;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.maven.build.WrongParameterException;
import java.util.regex.Pattern;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.ArtifactType;
import org.eclipse.aether.artifact.ArtifactTypeRegistry;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.jspecify.annotations.Nullable;

/** The coordinates of an artifact, as in a dependency. */
public final class Coordinates {

  /**
   * The characters of coordinates, which cannot form a path outside of the directory of an artifact
   * in a repository.
   */
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_+.-]*");

  private @Nullable String groupId;
  private @Nullable String artifactId;
  private @Nullable String version;
  private @Nullable String type;
  private @Nullable String classifier;

  /** Called by Maven, which then sets the fields. */
  public Coordinates() {}

  /**
   * The artifact with these coordinates. They become paths in remote and local repositories, so
   * they are checked here, in addition to the checks of Maven.
   *
   * @param parameter the element that they are, such as {@code artifact}
   * @param types which types stand for another extension or a classifier
   */
  Artifact artifact(String parameter, ArtifactTypeRegistry types) throws WrongParameterException {
    ArtifactType known = type == null ? null : types.get(type);
    String extension = known == null ? (type == null ? "jar" : type) : known.getExtension();
    String behind = classifier;
    if (behind == null && known != null && !known.getClassifier().isEmpty()) {
      behind = known.getClassifier();
    }
    return new DefaultArtifact(
        part(parameter + ".groupId", groupId),
        part(parameter + ".artifactId", artifactId),
        behind == null ? "" : part(parameter + ".classifier", behind),
        part(parameter + ".type", extension),
        part(parameter + ".version", version));
  }

  private static String part(String parameter, @Nullable String value)
      throws WrongParameterException {
    if (value == null) {
      throw new WrongParameterException(parameter, "is missing");
    }
    if (!PART.matcher(value).matches() || value.contains("..") || value.endsWith(".")) {
      throw new WrongParameterException(
          parameter,
          "expected letters, digits, '.', '_', '-' and '+', found " + Printable.quote(value));
    }
    return value;
  }

  /** The coordinates as configured, for messages. */
  @Override
  public String toString() {
    return groupId + ":" + artifactId + ":" + version;
  }
}
