package dev.modelsigning.kms.vault;

import dev.modelsigning.testing.HouseRules;

/** The packages of this module conform to ARCHITECTURE.md. */
class VaultArchitectureTest extends HouseRules {

  VaultArchitectureTest() {
    super("dev.modelsigning.kms.vault");
  }
}
