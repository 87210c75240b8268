package dev.modelsigning.cli;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.output.ProgressLine;
import dev.modelsigning.cli.output.Terminal;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.statement.Statement;
import java.io.Console;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rooms of the command line and which may use which; all text passes the one place where it is
 * escaped, and what is not verified is only shown.
 */
class ArchitectureTest {

  private static final String ROOT = "dev.modelsigning.cli";

  /** More files are hard to find one's way in. */
  private static final int MOST_FILES = 18;

  /**
   * Each room with those that it uses; ARCHITECTURE.md says what they are. That the registry knows
   * all commands is no edge, as it knows their names only.
   */
  private static final Map<String, Set<String>> USES =
      Map.of(
          "output", Set.of(),
          "command", Set.of("output"),
          "model", Set.of("command", "output"),
          "trust", Set.of("command", "output"),
          "keys", Set.of("command", "output"),
          "pkcs11", Set.of("keys", "command", "output"),
          "sign", Set.of("pkcs11", "keys", "trust", "model", "command", "output"),
          "verify", Set.of("keys", "trust", "model", "command", "output"),
          "inspect", Set.of("model", "command", "output"),
          "root", Set.of("keys", "command", "output"));

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  private static String room(JavaClass type) {
    return type.getPackageName().equals(ROOT)
        ? "root"
        : type.getPackageName().substring(ROOT.length() + 1);
  }

  /** Neither an edge that is not named, nor one that is named and not there. */
  @Test
  void roomsUseOneAnotherAsWrittenDown() {
    Map<String, Set<String>> found = new TreeMap<>();
    for (JavaClass type : classes) {
      Set<String> used = found.computeIfAbsent(room(type), name -> new TreeSet<>());
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (target.getPackageName().startsWith(ROOT) && !room(target).equals(room(type))) {
          used.add(room(target));
        }
      }
    }
    assertThat(found).isEqualTo(new TreeMap<>(USES));
  }

  /** No room is above one that is above it: those without one below them go, until none is left. */
  @Test
  void roomsHaveNoCircles() {
    Set<String> left = new TreeSet<>(USES.keySet());
    while (left.removeIf(room -> USES.get(room).stream().noneMatch(left::contains))) {
      // the next layer
    }
    assertThat(left).isEmpty();
  }

  @Test
  void noPackageHasTooManyFiles() throws IOException {
    List<Path> packages = new ArrayList<>();
    try (Stream<Path> all = Files.walk(Path.of(System.getProperty("basedir", ""), "src"))) {
      all.filter(Files::isDirectory).forEach(packages::add);
    }
    for (Path one : packages) {
      try (Stream<Path> files = Files.list(one)) {
        assertThat(files.filter(Files::isRegularFile))
            .as("%s", one)
            .hasSizeLessThanOrEqualTo(MOST_FILES);
      }
    }
  }

  /** What is between others of its room and a class that is a command is sealed. */
  @Test
  void classesAreFinalOrSealed() {
    assertThat(classes)
        .filteredOn(type -> type.isTopLevelClass() && !type.isInterface())
        .filteredOn(type -> !type.getModifiers().contains(JavaModifier.FINAL))
        .filteredOn(type -> !type.reflect().isSealed())
        .isEmpty();
  }

  /** Where commands print knows nothing of what they print: no command, no method, no token. */
  @ParameterizedTest
  @ValueSource(strings = {"picocli..", "dev.modelsigning.pkcs11..", "dev.modelsigning.sigstore.."})
  void outputKnowsNothingOf(String packages) {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".output")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(packages)
        .check(classes);
  }

  @Test
  void onlyOutputPrints() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(Output.class.getName())
        // Its line has numbers only, and is painted over.
        .and()
        .doNotHaveFullyQualifiedName(ProgressLine.class.getName())
        // It makes the streams, and has to do without all else when memory is short.
        .and()
        .doNotHaveFullyQualifiedName(Main.class.getName())
        .should()
        .callMethodWhere(target(owner(assignableTo(OutputStream.class))))
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(PrintWriter.class)
        .check(classes);
  }

  @Test
  void nobodyPrintsATraceOrUsesTheStreamsOfTheProcess() {
    noClasses()
        .should()
        .callMethod(Throwable.class, "printStackTrace")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace", PrintStream.class)
        .orShould()
        .callMethod(Throwable.class, "printStackTrace", PrintWriter.class)
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(classes);
  }

  @Test
  void onlyTheTerminalPrompts() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(Terminal.class.getName())
        .should()
        .callMethodWhere(target(owner(assignableTo(Console.class))))
        .check(classes);
  }

  /** What was not authenticated is only shown, by who says so. */
  @Test
  void onlyInspectReadsAStatementThatWasNotVerified() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.modelsigning.cli.inspect.InspectCommand")
        .should()
        .callMethod(Statement.class, "readUnverified", Bundle.class)
        .check(classes);
    noClasses()
        .should()
        .callMethodWhere(
            target(owner(assignableTo(VerifiedPayload.class))).and(target(name("assertion"))))
        .check(classes);
  }
}
