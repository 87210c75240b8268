package dev.modelsigning.policy.internal.claim;

import dev.modelsigning.policy.internal.rules.AttestationRule;
import dev.modelsigning.policy.result.Requirement;
import java.util.List;

/**
 * One requirement about an attestation, which has a row of its own.
 *
 * @param field its field in the rule; empty for the attestation itself
 * @param line the line of the policy that demands it
 * @param text what is required, for people
 * @param next what to do if it is not met
 */
record Demand(String field, int line, String text, String next) {

  /** What to do about a requirement that was not checked because of another one. */
  static final String FIRST = "meet what is required before it first";

  /** How a demand is met, or why it is not. */
  record Answer(boolean met, String why) {}

  private String code(AttestationRule rule) {
    return "attestations[" + rule.number() + "]" + (field.isEmpty() ? "" : "." + field);
  }

  Requirement met(AttestationRule rule, List<String> by, String why) {
    return new Requirement(code(rule), line, text, true, by, why, "");
  }

  Requirement unmet(AttestationRule rule, String why) {
    return new Requirement(code(rule), line, text, false, List.of(), why, next);
  }

  /** The row for one that was not checked, as another one is not met. */
  Requirement notChecked(AttestationRule rule, String why) {
    return new Requirement(
        code(rule), line, text, false, List.of(), "not checked, as " + why, FIRST);
  }

  Requirement row(AttestationRule rule, Answer answer, List<String> by) {
    return answer.met() ? met(rule, by, answer.why()) : unmet(rule, answer.why());
  }
}
