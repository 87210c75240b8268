package dev.modelsigning.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.ArtifactTypeRegistry;
import org.eclipse.aether.artifact.DefaultArtifactType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoordinatesTest {

  private static final ArtifactTypeRegistry TYPES =
      type ->
          type.equals("test-jar") ? new DefaultArtifactType(type, "jar", "tests", "java") : null;

  private static Coordinates coordinates(String... fields) throws Exception {
    Coordinates coordinates = new Coordinates();
    String[] names = {"groupId", "artifactId", "version", "type", "classifier"};
    for (int i = 0; i < fields.length; i++) {
      Field field = Coordinates.class.getDeclaredField(names[i]);
      field.setAccessible(true);
      field.set(coordinates, fields[i]);
    }
    return coordinates;
  }

  @Test
  void namesAFile() throws Exception {
    Artifact artifact =
        coordinates("com.example", "tiny", "1.0+b-2", "zip.sig", "int8")
            .artifact("artifact", TYPES);

    assertThat(artifact).hasToString("com.example:tiny:zip.sig:int8:1.0+b-2");
    assertThat(coordinates("g", "a", "1").artifact("artifact", TYPES)).hasToString("g:a:jar:1");
    assertThat(coordinates("g", "a", "1", "test-jar").artifact("artifact", TYPES))
        .hasToString("g:a:jar:tests:1");
  }

  @ParameterizedTest
  @CsvSource({
    "groupId, ../g, a, 1, zip, c",
    "groupId, g..h, a, 1, zip, c",
    "artifactId, g, .., 1, zip, c",
    "artifactId, g, a/b, 1, zip, c",
    "version, g, a, 1/../../2, zip, c",
    "version, g, a, '[1,2)', zip, c",
    "version, g, a, , zip, c",
    "type, g, a, 1, zip/../x, c",
    "classifier, g, a, 1, zip, ..",
    "classifier, g, a, 1, zip, 'c\\d'"
  })
  void leadsNowhereElse(
      String wrong, String group, String artifact, String version, String type, String classifier) {
    assertThatThrownBy(() ->
            coordinates(group, artifact, version, type, classifier).artifact("artifact", TYPES))
        .hasMessageStartingWith("<artifact." + wrong + ">: ");
  }
}
