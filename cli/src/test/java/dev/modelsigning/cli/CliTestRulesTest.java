package dev.modelsigning.cli;

import dev.modelsigning.testing.TestRules;

/** The rules for the tests of the command line. */
class CliTestRulesTest extends TestRules {

  CliTestRulesTest() {
    super("dev.modelsigning.cli");
  }
}
