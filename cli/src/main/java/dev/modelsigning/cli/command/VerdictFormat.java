package dev.modelsigning.cli.command;

import dev.modelsigning.report.Verdict;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.OptionalInt;

/** The forms of a verdict on standard output. */
public enum VerdictFormat {
  /** For people. */
  TEXT,
  /** For programs, by a schema of our own. */
  JSON,
  /** For programs that collect results of many tools: SARIF 2.1.0. */
  SARIF;

  /** Whether a program waits for it, which must find one document wherever a command ends. */
  public boolean isForMachines() {
    return this != TEXT;
  }

  /**
   * Writes a verdict in this form, in ASCII.
   *
   * @param exitStatus the one with which the program ends, if it is known
   * @param listFiles whether to list every file that was signed, where the form has that
   * @throws IOException if it cannot be written
   * @throws IllegalStateException if the form is one for people
   */
  public void write(Verdict verdict, OptionalInt exitStatus, boolean listFiles, OutputStream out)
      throws IOException {
    switch (this) {
      case JSON -> verdict.writeJson(out, listFiles);
      case SARIF -> verdict.writeSarif(out, exitStatus);
      default -> throw new IllegalStateException("not for machines: " + this);
    }
  }

  /** The value of {@code --format}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
