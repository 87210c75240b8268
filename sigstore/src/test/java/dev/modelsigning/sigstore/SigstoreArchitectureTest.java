package dev.modelsigning.sigstore;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What holds for the whole module. */
class SigstoreArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.modelsigning.sigstore");

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

  /** Only what core hands out to this module, or what would fail once core is on a module path. */
  @Test
  void usesOfCoreOnlyWhatItHandsOut() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.modelsigning.hash..", "dev.modelsigning.key..")
        .check(CLASSES);
  }

  /** They lack dependencies that are left out, or get wrong what matters here. */
  @Test
  void usesNoClientAndNoVerifierOfWholeBundles() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.sigstore",
            "dev.sigstore.bundle..",
            "dev.sigstore.dsse..",
            "dev.sigstore.fulcio..",
            "dev.sigstore.http..",
            "dev.sigstore.oidc..",
            "dev.sigstore.rekor..",
            "dev.sigstore.timestamp..",
            "dev.sigstore.trustroot..")
        .check(CLASSES);
  }
}
