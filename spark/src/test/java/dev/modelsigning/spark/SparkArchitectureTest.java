package dev.modelsigning.spark;

import dev.modelsigning.testing.HouseRules;
import java.util.Set;

/** The packages of this module conform to ARCHITECTURE.md. */
class SparkArchitectureTest extends HouseRules {

  SparkArchitectureTest() {
    super("dev.modelsigning.spark");
  }

  /** Who uses this module has Spark, and passes its context. */
  @Override
  protected Set<String> adapting() {
    return Set.of("dev.modelsigning.spark");
  }
}
