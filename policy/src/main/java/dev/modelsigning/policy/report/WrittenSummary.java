package dev.modelsigning.policy.report;

import java.nio.file.Path;

/**
 * A signed verification summary that was written.
 *
 * @param file the file
 * @param line its line in a claims file, from 1; 0 if the file has nothing else
 * @param passed whether it says that the model passed
 */
public record WrittenSummary(Path file, long line, boolean passed) {

  /** Where it is: {@code FILE} or {@code FILE:LINE}. */
  public String place() {
    return line == 0 ? file.toString() : file + ":" + line;
  }

  /** What it says: {@code PASSED} or {@code FAILED}. */
  public String result() {
    return passed ? "PASSED" : "FAILED";
  }
}
