package dev.modelsigning.policy;

import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Severity;
import java.util.List;

/** The rules of this module, in the order of {@code docs/findings.md}. */
public final class PolicyRules {

  /** The policy cannot be used. */
  public static final Rule MALFORMED_POLICY =
      new Rule(
          "MALFORMED_POLICY",
          Severity.ERROR,
          "the policy cannot be used",
          "correct the field that the message names; 'policy lint' shows it before anything is verified");

  /** The policy is not the one that was pinned or signed. */
  public static final Rule OTHER_POLICY =
      new Rule(
          "OTHER_POLICY",
          Severity.ERROR,
          "the policy is not the one whose digest was given, or that was signed",
          "find out who changed the policy; give the new digest only if it is meant to be");

  /** No rule of the policy matches the model. */
  public static final Rule NO_POLICY_RULE =
      new Rule(
          "NO_POLICY_RULE",
          Severity.ERROR,
          "no rule of the policy is about this model",
          "compare the path of the model below the policy's directory, or below the one that models are named below, with the patterns");

  /** A requirement of the policy is not met. */
  public static final Rule POLICY_NOT_MET =
      new Rule(
          "POLICY_NOT_MET",
          Severity.ERROR,
          "the model does not meet what the policy requires of it",
          "see the requirements that are not met");

  /** The rule only warns. */
  public static final Rule POLICY_WARNS =
      new Rule(
          "POLICY_WARNS",
          Severity.WARNING,
          "the rule that is about this model only warns, so nothing is verified",
          "set the mode of the rule to enforce to have it decide");

  private PolicyRules() {}

  /** All rules. */
  public static List<Rule> all() {
    return List.of(MALFORMED_POLICY, OTHER_POLICY, NO_POLICY_RULE, POLICY_NOT_MET, POLICY_WARNS);
  }
}
