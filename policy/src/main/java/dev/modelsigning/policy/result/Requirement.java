package dev.modelsigning.policy.result;

import java.util.List;

/**
 * A requirement of a policy about a model, and whether it is met. Texts may contain untrusted text,
 * and must be escaped for display.
 *
 * @param code what it is about, as the fields of the policy are named: {@code match}, {@code
 *     signatures}, {@code must-include}, {@code max-age}, {@code pin}, {@code algorithms}, {@code
 *     forbid.ignored-paths}, {@code attestations[0].licenses} and so on
 * @param line the line in the policy, from 1; 0 if no line of the policy demands it
 * @param text what is required, for people
 * @param met whether it is met
 * @param by the names of the signers in the policy who meet it; empty if it is not about signers,
 *     or not met
 * @param why how it is met, or why it is not
 * @param next what to do about it, for people; empty if it is met
 */
public record Requirement(
    String code, int line, String text, boolean met, List<String> by, String why, String next) {

  /** Copies the list. */
  public Requirement {
    by = List.copyOf(by);
  }
}
