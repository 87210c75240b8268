package dev.modelsigning.policy.problem;

import dev.modelsigning.finding.Severity;

/**
 * Something that is wrong or unusual in a policy.
 *
 * @param severity {@code ERROR} if the policy cannot be used, {@code WARNING} otherwise
 * @param place where
 * @param message what, for people; it may contain untrusted text
 */
public record PolicyProblem(Severity severity, Place place, String message) {}
