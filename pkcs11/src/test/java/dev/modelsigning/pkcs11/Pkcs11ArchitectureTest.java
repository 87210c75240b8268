package dev.modelsigning.pkcs11;

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

/** What ARCHITECTURE.md says of this module. */
class Pkcs11ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.modelsigning.pkcs11");

  @Test
  void onlyTheBindingUsesJna() {
    noClasses()
        .that()
        .doNotHaveSimpleName("JnaCryptoki")
        .and()
        .doNotHaveSimpleName("ModuleLoader")
        .and()
        .doNotHaveSimpleName("NativeFunctions")
        .and()
        .doNotHaveSimpleName("StructureLayout")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.sun.jna..")
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
