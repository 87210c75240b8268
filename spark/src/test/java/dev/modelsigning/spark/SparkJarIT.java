package dev.modelsigning.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.testing.OnOneJdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The jar for {@code spark-submit}, beside those that Spark has itself. */
@WithSpark
@OnOneJdk
class SparkJarIT {

  private static final Path JAR =
      Path.of(System.getProperty("basedir", "")).resolve("target/model-signing-spark.jar");

  private static Set<String> classes(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      Set<String> names = new HashSet<>();
      file.stream()
          .map(JarEntry::getName)
          .filter(name -> name.endsWith(".class"))
          .forEach(names::add);
      return names;
    }
  }

  @Test
  void hasNoClassOfSparkInAnotherVersion() throws IOException {
    Set<String> ours = classes(JAR);
    assertThat(ours).contains("dev/modelsigning/spark/Main.class");
    List<Path> theirs;
    try (Stream<Path> jars = Files.list(SparkSubmit.installed("home/jars"))) {
      theirs = jars.filter(jar -> jar.toString().endsWith(".jar")).toList();
    }
    assertThat(theirs).hasSizeGreaterThan(50);
    Set<String> both = new HashSet<>();
    for (Path jar : theirs) {
      Set<String> same = classes(jar);
      same.retainAll(ours);
      same.forEach(name -> both.add(jar.getFileName() + ": " + name));
    }
    assertThat(both).isEmpty();
  }

  @Test
  void hasNoClassThatNothingFinds() throws IOException {
    assertThat(classes(JAR))
        .filteredOn(name -> name.startsWith("META-INF/versions/"))
        .isNotEmpty()
        .allMatch(name -> name.matches("META-INF/versions/[0-9]+/tools/jackson/.*"));
  }
}
