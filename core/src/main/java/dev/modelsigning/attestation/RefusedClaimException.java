package dev.modelsigning.attestation;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;

/** A claim does not count; the rule says why. */
public final class RefusedClaimException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Rule rule;

  RefusedClaimException(Rule rule, String message) {
    super(message);
    this.rule = rule;
  }

  /** The reason, as a finding. */
  public Finding finding() {
    return Finding.of(rule, String.valueOf(getMessage()));
  }
}
