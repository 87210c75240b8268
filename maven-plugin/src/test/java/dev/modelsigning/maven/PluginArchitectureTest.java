package dev.modelsigning.maven;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaModifier;
import dev.modelsigning.maven.build.BuildLog;
import dev.modelsigning.testing.PackageRules;
import org.apache.maven.plugin.logging.Log;
import org.junit.jupiter.api.Test;

/** The rules of ARCHITECTURE.md for this module. */
class PluginArchitectureTest extends PackageRules {

  private static final String GENERATED = "dev.modelsigning.maven.help";

  PluginArchitectureTest() {
    super("dev.modelsigning.maven");
  }

  /** All log output passes the one class that escapes it. */
  @Test
  void onlyTheBuildLogLogs() {
    noClasses()
        .that()
        .areNotAssignableTo(BuildLog.class)
        .and()
        .resideOutsideOfPackage(GENERATED)
        .should()
        .callMethodWhere(target(owner(assignableTo(Log.class))))
        .check(classes);
  }

  /**
   * Packages that the library does not export are not used on a class path either, with two
   * exceptions.
   */
  @Test
  void littleIsUsedThatTheLibraryDoesNotExport() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("dev.modelsigning..internal..")
                .and(
                    resideOutsideOfPackages(
                        "dev.modelsigning.internal.json", "dev.modelsigning.internal.file")))
        .check(classes);
  }

  @Test
  void classesAreFinalOrSealed() {
    classes()
        .that()
        .areTopLevelClasses()
        .and()
        .areNotInterfaces()
        .and()
        .doNotHaveSimpleName("package-info")
        .and()
        .doNotHaveSimpleName("ModelMojo")
        .and()
        .doNotHaveSimpleName("LocalKey")
        .and()
        .resideOutsideOfPackage(GENERATED)
        .should()
        .haveModifier(JavaModifier.FINAL)
        .check(classes);
  }
}
