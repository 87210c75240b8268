package dev.modelsigning.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
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

  /**
   * Who waits for a program without a time-out has it started by {@link TimedProcess}, which kills
   * it: a program that does not end must not hold up the build.
   */
  @Test
  void programsAreWaitedForWithATimeOut() {
    assertThat(
            tests().stream()
                .filter(type -> !type.isEquivalentTo(TimedProcess.class))
                .filter(type -> calls(type, Process.class, "waitFor", 0))
                .filter(type -> calls(type, ProcessBuilder.class, "start", 0))
                .map(JavaClass::getName))
        .isEmpty();
  }

  private static boolean calls(JavaClass type, Class<?> owner, String name, int parameters) {
    return type.getMethodCallsFromSelf().stream()
        .map(JavaMethodCall::getTarget)
        .filter(target -> target.getOwner().isEquivalentTo(owner))
        .filter(target -> target.getName().equals(name))
        .anyMatch(target -> target.getRawParameterTypes().size() == parameters);
  }
}
