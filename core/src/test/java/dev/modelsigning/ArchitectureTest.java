package dev.modelsigning;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The package graph of ARCHITECTURE.md: every edge that is not named here is refused. */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.modelsigning");

  @Test
  void dependenciesGoOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("hash")
        .definedBy("dev.modelsigning.hash")
        .layer("json")
        .definedBy("dev.modelsigning.json")
        .layer("manifest")
        .definedBy("dev.modelsigning.manifest")
        .layer("bundle")
        .definedBy("dev.modelsigning.bundle")
        .layer("root")
        .definedBy("dev.modelsigning")
        .layer("keyfile")
        .definedBy("dev.modelsigning.keyfile")
        .layer("pkix")
        .definedBy("dev.modelsigning.pkix")
        .layer("timestamp")
        .definedBy("dev.modelsigning.timestamp")
        .layer("key")
        .definedBy("dev.modelsigning.key")
        .layer("certificate")
        .definedBy("dev.modelsigning.certificate")
        .whereLayer("hash")
        .mayOnlyBeAccessedByLayers("manifest")
        .whereLayer("json")
        .mayOnlyBeAccessedByLayers(
            "manifest", "bundle", "keyfile", "pkix", "timestamp", "key", "certificate")
        .whereLayer("manifest")
        .mayOnlyBeAccessedByLayers("bundle", "root")
        .whereLayer("bundle")
        .mayOnlyBeAccessedByLayers("root", "keyfile", "timestamp", "key", "certificate")
        .whereLayer("root")
        .mayOnlyBeAccessedByLayers("keyfile", "timestamp", "key", "certificate")
        .whereLayer("keyfile")
        .mayOnlyBeAccessedByLayers("timestamp", "key", "certificate")
        .whereLayer("pkix")
        .mayOnlyBeAccessedByLayers("timestamp", "certificate")
        .whereLayer("timestamp")
        .mayOnlyBeAccessedByLayers("certificate")
        .whereLayer("key")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("certificate")
        .mayNotBeAccessedByAnyLayer()
        .check(CLASSES);
  }

  @Test
  void publicSignaturesHaveOnlyTypesOfTheJdkAndOurs() {
    DescribedPredicate<JavaClass> known =
        DescribedPredicate.describe(
            "of the JDK or ours",
            type ->
                type.getBaseComponentType().isPrimitive()
                    || type.getBaseComponentType().getName().equals("void")
                    || type.getBaseComponentType().getPackageName().startsWith("java")
                    || type.getBaseComponentType().getPackageName().startsWith("dev.modelsigning"));
    methods()
        .that()
        .arePublic()
        .and()
        .areDeclaredInClassesThat()
        .arePublic()
        .should()
        .haveRawReturnType(known)
        .andShould()
        .haveRawParameterTypes(
            DescribedPredicate.describe(
                "of the JDK or ours", types -> types.stream().allMatch(known)))
        .check(CLASSES);
  }

  @Test
  void classesAreClosed() {
    classes()
        .that()
        .areTopLevelClasses()
        .and()
        .areNotInterfaces()
        .and()
        .doNotHaveSimpleName("package-info")
        .should()
        .haveModifier(JavaModifier.FINAL)
        .check(CLASSES);
  }
}
