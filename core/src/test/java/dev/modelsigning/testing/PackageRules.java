package dev.modelsigning.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules for the packages of a module, with or without users. */
public abstract class PackageRules extends TestRules {

  /** The directory of the module. */
  static final Path MODULE = Path.of(System.getProperty("basedir", ""));

  private static final int MAX_FILES = 18;

  /** The classes of the module, without its tests. */
  protected final JavaClasses classes;

  private final String rootPackage;

  /** The rules for the classes of a package and those below it. */
  protected PackageRules(String rootPackage) {
    super(rootPackage);
    this.rootPackage = rootPackage;
    this.classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(rootPackage);
  }

  /** Every package, and every edge between two, stands in the table, and nothing else does. */
  @Test
  void packagesUseEachOtherAsTheTableOfTheArchitectureSays() throws IOException {
    assertThat(PackageGraph.of(classes, rootPackage).uses())
        .as("packages and what they use; what is expected stands in ARCHITECTURE.md")
        .containsExactlyInAnyOrderEntriesOf(table().uses());
  }

  /** A package uses those that stand above it in the table only, so there are no cycles. */
  @Test
  void dependenciesGoOneWay() throws IOException {
    assertThat(table().edgesAgainstTheOrder()).isEmpty();
  }

  private PackageGraph table() throws IOException {
    return PackageGraph.read(
        MODULE.toAbsolutePath().resolveSibling("ARCHITECTURE.md"), rootPackage);
  }

  @Test
  void packagesAreSmall() throws IOException {
    Map<String, Integer> numbers = new TreeMap<>();
    for (String sources : dividedSources()) {
      Path root = MODULE.resolve(sources);
      try (Stream<Path> files = Files.walk(root)) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .forEach(file -> numbers.merge(file.getParent().toString(), 1, Integer::sum));
      }
    }
    numbers.values().removeIf(number -> number <= MAX_FILES);
    assertThat(numbers).as("packages with more than %d files", MAX_FILES).isEmpty();
  }

  /** Where packages are to be small: the code, and the tests of modules that have divided them. */
  protected List<String> dividedSources() {
    return List.of("src/main/java");
  }
}
