package dev.modelsigning.aws.internal;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Where settings come from.
 *
 * @param environment the environment variables
 * @param timeout the time-out of a request, and of the search for credentials
 */
public record AwsContext(Map<String, String> environment, Duration timeout) {

  /** Copies the variables. */
  public AwsContext {
    environment = Map.copyOf(environment);
  }

  /** The value of a variable; empty if it is not set, or set to nothing. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /** Whether a variable is {@code true}. */
  public boolean isTrue(String variable) {
    return variable(variable).map(value -> value.equalsIgnoreCase("true")).orElse(false);
  }
}
