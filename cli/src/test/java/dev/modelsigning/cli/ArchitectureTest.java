package dev.modelsigning.cli;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaModifier;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.output.ProgressLine;
import dev.modelsigning.cli.output.Terminal;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.testing.PackageRules;
import java.io.Console;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rooms of the command line use one another as written down; all text passes the one place
 * where it is escaped, and what is not verified is only shown.
 */
class ArchitectureTest extends PackageRules {

  private static final String ROOT = "dev.modelsigning.cli";

  ArchitectureTest() {
    super(ROOT);
  }

  @Override
  protected List<String> dividedSources() {
    return List.of("src/main/java", "src/test/java");
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
        // It passes on what that one writes.
        .and()
        .doNotHaveFullyQualifiedName(ROOT + ".output.LastField")
        // Its line has numbers only, and is painted over.
        .and()
        .doNotHaveFullyQualifiedName(ProgressLine.class.getName())
        // It makes the streams, and has to do without all else when memory is short.
        .and()
        .doNotHaveFullyQualifiedName(Main.class.getName())
        // It answers others over a network, in JSON and in lines that were escaped.
        .and()
        .doNotHaveFullyQualifiedName(ROOT + ".serve.HttpReply")
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
        // What it reads makes it refuse, and never accept.
        .doNotHaveFullyQualifiedName(ROOT + ".timestamp.StampPlace")
        .should()
        .callMethod(Statement.class, "readUnverified", Bundle.class)
        .check(classes);
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".inspect")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.modelsigning.inspection..")
        .check(classes);
    noClasses()
        .should()
        .callMethodWhere(
            target(owner(assignableTo(VerifiedPayload.class))).and(target(name("assertion"))))
        .check(classes);
  }
}
