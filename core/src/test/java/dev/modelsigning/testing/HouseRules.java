package dev.modelsigning.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules of CONTRIBUTING.md that every module keeps to. A module's own test adds its own. */
public abstract class HouseRules extends TestRules {

  /** The classes of the module, without its tests. */
  protected final JavaClasses classes;

  /** The rules for the classes of a package and those below it. */
  protected HouseRules(String rootPackage) {
    super(rootPackage);
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(rootPackage);
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
        .check(classes);
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
        .check(classes);
  }
}
