package dev.modelsigning.content;

import dev.modelsigning.testing.HouseRules;

/** What ARCHITECTURE.md says of this module. */
class ContentArchitectureTest extends HouseRules {

  ContentArchitectureTest() {
    super("dev.modelsigning.content");
  }
}
