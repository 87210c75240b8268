package dev.modelsigning.cli.output;

/** How much a command says; each level includes those behind it. */
public enum LogLevel {
  /** Stack traces of failures too. */
  DEBUG,
  /** What was done and found. */
  INFO,
  /** Warnings, and the one line that says how it ended. */
  WARNING,
  /** Failures, and the one line that says how it ended. */
  ERROR,
  /** The same as ERROR. */
  CRITICAL
}
