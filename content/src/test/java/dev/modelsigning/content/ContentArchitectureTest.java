package dev.modelsigning.content;

import dev.modelsigning.testing.HouseRules;

/** The packages of this module conform to ARCHITECTURE.md. */
class ContentArchitectureTest extends HouseRules {

  ContentArchitectureTest() {
    super("dev.modelsigning.content");
  }
}
