package dev.modelsigning.finding;

/** How much a finding matters, from the least to the most. */
public enum Severity {
  /** Worth knowing; nothing is wrong. */
  NOTE,
  /** Something is unusual, or was not verified; the verdict stands. */
  WARNING,
  /** Why something was refused. */
  ERROR
}
