package dev.modelsigning.finding;

/** The severity of a finding, from the lowest to the highest. */
public enum Severity {
  /** Worth knowing; nothing is wrong. */
  NOTE,
  /** Something is unusual, or was not verified; the verdict stands. */
  WARNING,
  /** The reason of a refusal. */
  ERROR
}
