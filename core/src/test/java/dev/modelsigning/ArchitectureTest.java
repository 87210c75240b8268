package dev.modelsigning;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import dev.modelsigning.testing.HouseRules;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules for the whole module. */
class ArchitectureTest extends HouseRules {

  ArchitectureTest() {
    super("dev.modelsigning");
  }

  /** Failures to load or build trust anchors have a single exception type of ours. */
  @Test
  void verifiersFailWithNoExceptionOfTheJdksSecurity() {
    List<String> methods =
        classes.stream()
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(type ->
                type.getPackageName()
                    .matches("dev\\.modelsigning(\\.(key|certificate|timestamp|signing))?"))
            .map(JavaClass::getCodeUnits)
            .flatMap(Set::stream)
            .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(method ->
                method.getThrowsClause().getTypes().stream()
                    .anyMatch(thrown -> thrown.isAssignableTo(GeneralSecurityException.class)))
            .map(JavaCodeUnit::getFullName)
            .toList();
    assertThat(methods).isEmpty();
  }
}
