package dev.modelsigning.cli;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.statement.Statement;
import java.io.Console;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import org.junit.jupiter.api.Test;

/** All text passes the one place where it is escaped, and what is not verified is only shown. */
class OutputArchitectureTest {

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.modelsigning.cli");

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
        .doNotHaveFullyQualifiedName(InspectCommand.class.getName())
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
