package dev.modelsigning.opentelemetry;

import dev.modelsigning.testing.HouseRules;
import java.util.Set;

/** The packages of this module conform to ARCHITECTURE.md. */
class OpenTelemetryArchitectureTest extends HouseRules {

  private static final String ROOT = "dev.modelsigning.opentelemetry";

  OpenTelemetryArchitectureTest() {
    super(ROOT);
  }

  /** It is for programs that have OpenTelemetry. */
  @Override
  protected Set<String> adapting() {
    return Set.of(ROOT);
  }
}
