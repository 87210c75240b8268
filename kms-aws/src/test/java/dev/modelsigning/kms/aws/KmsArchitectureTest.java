package dev.modelsigning.kms.aws;

import dev.modelsigning.testing.HouseRules;

/** The packages of this module conform to ARCHITECTURE.md. */
class KmsArchitectureTest extends HouseRules {

  KmsArchitectureTest() {
    super("dev.modelsigning.kms.aws");
  }
}
