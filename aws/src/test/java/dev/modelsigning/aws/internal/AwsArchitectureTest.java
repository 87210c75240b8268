package dev.modelsigning.aws.internal;

import dev.modelsigning.testing.HouseRules;
import java.util.Set;

/** The packages of this module conform to ARCHITECTURE.md. */
class AwsArchitectureTest extends HouseRules {

  AwsArchitectureTest() {
    super("dev.modelsigning.aws");
  }

  /** Its users use the AWS SDK themselves. */
  @Override
  protected Set<String> adapting() {
    return Set.of("dev.modelsigning.aws.internal");
  }
}
