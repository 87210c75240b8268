package dev.modelsigning.policy.internal.rules;

import dev.modelsigning.policy.problem.MalformedPolicyException;
import java.nio.file.Path;

/** A stub. */
public final class PolicyParser {
  private PolicyParser() {}

  /** A stub. */
  public static PolicyText parse(String file, Path directory, byte[] bytes)
      throws MalformedPolicyException {
    throw new UnsupportedOperationException(file);
  }
}
