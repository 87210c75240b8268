package dev.modelsigning.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** The project's own vectors, in the folder {@code vectors} at the root of the project. */
public final class VectorSet {

  /** What the list of a folder's vectors is called. */
  static final String INDEX = "vectors.json";

  /** The folders with bundles. */
  private static final List<String> FOLDERS = List.of("key", "certificate", "sigstore", "python");

  private VectorSet() {}

  /** The folder with all vectors. */
  public static Path root() {
    return Path.of(System.getProperty("modelsigning.root", ".."), "vectors");
  }

  /** Creates a verifier with the parameters of a vector. */
  @FunctionalInterface
  public interface Verifiers {
    /** The verifier; anything thrown says that what is to be trusted cannot be used. */
    BundleVerifier of(Vector vector) throws IOException, UnusableTrustException;
  }

  /** The vectors of a folder; there is at least one. */
  static List<Vector> read(String folder) throws IOException {
    List<Vector> vectors = Vector.read(root().resolve(folder).resolve(INDEX));
    assertThat(vectors).as("vectors in %s", folder).isNotEmpty();
    return vectors;
  }

  /** A test for each vector of a folder. */
  public static Stream<DynamicTest> tests(String folder, Path scratch, Verifiers verifiers)
      throws IOException {
    return read(folder).stream()
        .map(vector ->
            DynamicTest.dynamicTest(
                folder + "/" + vector.name() + ": " + vector.expected(),
                () ->
                    assertThat(outcome(vector, scratch, verifiers))
                        .as(vector.description())
                        .isEqualTo(vector.expected())));
  }

  /** The vectors of all folders. */
  public static List<Vector> all() throws IOException {
    List<Vector> all = new ArrayList<>();
    for (String folder : FOLDERS) {
      all.addAll(read(folder));
    }
    return all;
  }

  /** The model of a vector, unpacked into a directory of its own if it is an archive. */
  public static Path model(Vector vector, Path scratch) throws IOException {
    Path model = root().resolve(vector.model());
    if (!vector.model().endsWith(".tar")) {
      return model;
    }
    Path unpacked = Files.createTempDirectory(scratch, "model").resolve("model");
    TarFile.unpack(model, unpacked);
    return unpacked;
  }

  private static String outcome(Vector vector, Path scratch, Verifiers verifiers)
      throws IOException {
    Path model = model(vector, scratch);
    Path bundle = root().resolve(vector.bundle());
    BundleVerifier verifier;
    try {
      verifier = verifiers.of(vector);
    } catch (IOException | UnusableTrustException e) {
      return Vector.UNUSABLE_TRUST;
    }
    Reading reading =
        Reading.withDefaults()
            .ignoreGitPaths(!vector.has("no-ignore-git-paths"))
            .allowSymlinks(!vector.has("no-allow-symlinks"));
    for (String path : vector.values("ignore-paths")) {
      reading = reading.ignorePath(path);
    }
    ModelVerifier.Builder builder =
        ModelVerifier.builder(verifier)
            .strict(vector.has("strict"))
            .ignoreUnsignedFiles(vector.has("ignore-unsigned-files"))
            .reading(reading);
    try {
      builder.build().verify(model, bundle);
      return Vector.VERIFIED;
    } catch (MalformedBundleException e) {
      return Vector.MALFORMED_BUNDLE;
    } catch (VerificationException e) {
      return e.reason().name();
    }
  }

  /** The files below {@code vectors} that no vector names. */
  static List<String> unused() throws IOException {
    Set<String> used = new HashSet<>();
    for (String folder : FOLDERS) {
      used.add(folder + "/" + INDEX);
      read(folder).forEach(vector -> used.addAll(vector.files()));
    }
    List<String> unused = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root(), FileVisitOption.FOLLOW_LINKS)) {
      files
          .filter(Files::isRegularFile)
          .map(file -> root().relativize(file).toString().replace('\\', '/'))
          .filter(file -> !isNamed(file, used))
          .sorted()
          .forEach(unused::add);
    }
    return unused;
  }

  /** Whether a file, or a directory that it is in, is named. */
  private static boolean isNamed(String file, Set<String> used) {
    for (String name = file; ; name = name.substring(0, name.lastIndexOf('/'))) {
      if (used.contains(name)) {
        return true;
      }
      if (!name.contains("/")) {
        return false;
      }
    }
  }
}
