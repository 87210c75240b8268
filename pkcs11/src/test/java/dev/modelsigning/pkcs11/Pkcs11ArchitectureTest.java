package dev.modelsigning.pkcs11;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import dev.modelsigning.testing.HouseRules;
import org.junit.jupiter.api.Test;

/** The packages of this module conform to ARCHITECTURE.md. */
class Pkcs11ArchitectureTest extends HouseRules {

  Pkcs11ArchitectureTest() {
    super("dev.modelsigning.pkcs11");
  }

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
        .check(classes);
  }
}
