package dev.modelsigning.release;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.modelsigning.testing.TestRules;
import org.junit.jupiter.api.Test;

/** The rules for tests, and one for this module. */
class ReleaseArchitectureTest extends TestRules {

  ReleaseArchitectureTest() {
    super("dev.modelsigning.release");
  }

  @Test
  void usesOnlyWhatTheLibraryExports() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.modelsigning..internal..")
        .check(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.modelsigning.release"));
  }
}
