package dev.modelsigning.oci;

import dev.modelsigning.testing.HouseRules;

/** The packages of this module conform to ARCHITECTURE.md. */
class OciArchitectureTest extends HouseRules {

  OciArchitectureTest() {
    super("dev.modelsigning.oci");
  }
}
