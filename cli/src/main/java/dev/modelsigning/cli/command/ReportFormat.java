package dev.modelsigning.cli.command;

import java.util.Locale;

/** How a command prints what it found. */
public enum ReportFormat {
  /** For people. */
  TEXT,
  /** For machines. */
  JSON;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
