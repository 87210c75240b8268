package dev.modelsigning.cli.output;

/** The verbosity of a command; each level includes those after it. */
public enum LogLevel {
  /** Stack traces of failures too. */
  DEBUG,
  /** Actions and results. */
  INFO,
  /** Warnings, and the line with the final result. */
  WARNING,
  /** Failures, and the line with the final result. */
  ERROR,
  /** The same as ERROR. */
  CRITICAL
}
