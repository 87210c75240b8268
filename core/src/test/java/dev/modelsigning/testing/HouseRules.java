package dev.modelsigning.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules of CONTRIBUTING.md that every module keeps to. A module's own test adds its own. */
public abstract class HouseRules {

  /** The classes of the module, without its tests. */
  protected final JavaClasses classes;

  private final JavaClasses tests;

  /** The rules for the classes of a package and those below it. */
  protected HouseRules(String rootPackage) {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(rootPackage);
    tests =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
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

  /**
   * The failure of an assumption is an exception. Where an assertion runs code to see how it fails,
   * it takes that for the failure, so assumptions are made before: not in a lambda, and not in a
   * method that one calls.
   */
  @Test
  void assumptionsAreNotMadeWhereAnAssertionCatchesThem() {
    assertThat(Assuming.inLambdas(tests)).isEmpty();
  }

  /** The same for published test data: a test says that it needs it before it starts. */
  @Test
  void testsThatReadTheSharedVectorsSaySo() {
    assertThat(
            tests.stream()
                .flatMap(type -> type.getMethodCallsFromSelf().stream())
                .filter(call -> call.getTargetOwner().isEquivalentTo(SharedVectors.class))
                .filter(call -> !call.getOriginOwner().isEquivalentTo(SharedVectors.class))
                .filter(call -> !call.getOwner().isAnnotatedWith(WithSharedVectors.class))
                .filter(call -> !call.getOriginOwner().isAnnotatedWith(WithSharedVectors.class))
                .map(JavaMethodCall::getDescription))
        .isEmpty();
  }
}
