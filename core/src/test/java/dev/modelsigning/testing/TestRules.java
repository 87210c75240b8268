package dev.modelsigning.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules that the tests of every module keep to. */
public abstract class TestRules {

  private final String rootPackage;

  /** The rules for the tests of a package and those below it. */
  protected TestRules(String rootPackage) {
    this.rootPackage = rootPackage;
  }

  private JavaClasses tests() {
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
        .importPackages(rootPackage);
  }

  /**
   * The failure of an assumption is an exception. Where an assertion runs code to see how it fails,
   * it takes that for the failure, so assumptions are made before: not in a lambda, and not in a
   * method that one calls.
   */
  @Test
  void assumptionsAreNotMadeWhereAnAssertionCatchesThem() {
    assertThat(Assuming.inLambdas(tests())).isEmpty();
  }

  /** The same for published test data: a test says that it needs it before it starts. */
  @Test
  void testsThatReadTheSharedVectorsSaySo() {
    assertThat(
            tests().stream()
                .flatMap(type -> type.getMethodCallsFromSelf().stream())
                .filter(call -> call.getTargetOwner().isEquivalentTo(SharedVectors.class))
                .filter(call -> !call.getOriginOwner().isEquivalentTo(SharedVectors.class))
                .filter(call -> !call.getOwner().isAnnotatedWith(WithSharedVectors.class))
                .filter(call -> !call.getOriginOwner().isAnnotatedWith(WithSharedVectors.class))
                .map(JavaMethodCall::getDescription))
        .isEmpty();
  }
}
