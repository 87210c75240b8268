package dev.modelsigning.policy.internal.rules;

import dev.modelsigning.policy.problem.MalformedPolicyException;
import java.util.List;

/**
 * What can be understood of a policy, to say more about it. Nothing may be decided by it: parts
 * that were refused are missing.
 *
 * @param understood the signers and rules in which nothing was refused
 * @param refusals what was refused, in the order of the lines
 * @param isCut whether the reading ended because there was too much of that
 */
public record PolicyDraft(
    PolicyText understood, List<MalformedPolicyException> refusals, boolean isCut) {

  /** Copies the list. */
  public PolicyDraft {
    refusals = List.copyOf(refusals);
  }

  /** Whether nothing is missing. */
  public boolean isWhole() {
    return refusals.isEmpty();
  }
}
