package dev.modelsigning.policy;

import dev.modelsigning.testing.HouseRules;

/** The packages of this module conform to ARCHITECTURE.md. */
class PolicyArchitectureTest extends HouseRules {

  PolicyArchitectureTest() {
    super("dev.modelsigning.policy");
  }
}
