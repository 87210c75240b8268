package dev.modelsigning.s3;

import dev.modelsigning.testing.HouseRules;

/** The packages of this module conform to ARCHITECTURE.md. */
class S3ArchitectureTest extends HouseRules {

  S3ArchitectureTest() {
    super("dev.modelsigning.s3");
  }
}
