package dev.modelsigning.cli.output;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * A stack trace as separate lines. In the JDK's text of a trace, an untrusted message can contain
 * line breaks; here every message is part of a single line.
 */
final class FailureTrace {

  /** Longer traces are truncated: an attacker may have caused deeply nested causes. */
  private static final int MAX_LINES = 2_000;

  private final List<String> lines = new ArrayList<>();
  private final Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private FailureTrace() {}

  /** One element for each line; the characters in it are not escaped yet. */
  static List<String> lines(Throwable failure) {
    FailureTrace trace = new FailureTrace();
    trace.add(failure, "", "", new StackTraceElement[0]);
    return trace.lines;
  }

  private void add(
      Throwable failure, String indentation, String caption, StackTraceElement[] enclosing) {
    if (!seen.add(failure)) {
      line(indentation + caption + "[CIRCULAR REFERENCE: " + failure + "]");
      return;
    }
    line(indentation + caption + failure);
    StackTraceElement[] frames = failure.getStackTrace();
    int common = common(frames, enclosing);
    for (int i = 0; i < frames.length - common; i++) {
      line(indentation + "  at " + frames[i]);
    }
    if (common > 0) {
      line(indentation + "  ... " + common + " more");
    }
    if (lines.size() >= MAX_LINES) {
      return;
    }
    for (Throwable suppressed : failure.getSuppressed()) {
      add(suppressed, indentation + "  ", "Suppressed: ", frames);
    }
    if (failure.getCause() != null) {
      add(failure.getCause(), indentation, "Caused by: ", frames);
    }
  }

  private static int common(StackTraceElement[] frames, StackTraceElement[] enclosing) {
    int common = 0;
    while (common < frames.length
        && common < enclosing.length
        && frames[frames.length - 1 - common].equals(enclosing[enclosing.length - 1 - common])) {
      common++;
    }
    return common;
  }

  private void line(String line) {
    if (lines.size() < MAX_LINES) {
      lines.add(line);
    } else if (lines.size() == MAX_LINES) {
      lines.add("...");
    }
  }
}
