package dev.modelsigning.testing;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Finds assumptions of JUnit that are made where an assertion could catch their failure. */
final class Assuming {

  private Assuming() {}

  /** The calls in lambdas that can end in the failure of an assumption, and references to such. */
  static List<String> inLambdas(JavaClasses tests) {
    Set<String> assuming = new HashSet<>();
    int known;
    do {
      known = assuming.size();
      accesses(tests)
          .filter(access -> assumes(access, assuming))
          .forEach(access -> assuming.add(access.getOrigin().getFullName()));
    } while (assuming.size() > known);
    return Stream.concat(accesses(tests).filter(JavaAccess::isDeclaredInLambda), references(tests))
        .filter(access -> assumes(access, assuming))
        .map(JavaAccess::getDescription)
        .sorted()
        .toList();
  }

  private static boolean assumes(JavaAccess<?> access, Set<String> assuming) {
    JavaClass owner = access.getTargetOwner();
    return owner.isEquivalentTo(Assumptions.class)
        || assuming.contains(access.getTarget().getFullName());
  }

  private static Stream<JavaAccess<?>> accesses(JavaClasses tests) {
    return tests.stream().flatMap(type -> type.getAccessesFromSelf().stream());
  }

  private static Stream<JavaAccess<?>> references(JavaClasses tests) {
    return tests.stream().flatMap(type -> type.getMethodReferencesFromSelf().stream());
  }
}
