package dev.modelsigning.cli.command;

import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Severity;
import java.util.List;

/**
 * Why the program ended without a verdict of the library, in the order of {@code docs/findings.md}.
 */
public final class ProgramRules {

  /** The command line is wrong. */
  public static final Rule WRONG_USAGE =
      new Rule(
          "WRONG_USAGE",
          Severity.ERROR,
          "the command line is wrong, so nothing was verified",
          "correct the command line as the message says");

  /** There is not enough memory. */
  public static final Rule OUT_OF_MEMORY =
      new Rule(
          "OUT_OF_MEMORY",
          Severity.ERROR,
          "the memory was not enough, so nothing was verified",
          "give the process more, as in JAVA_OPTS=-Xmx4g");

  /** The program was told to end. */
  public static final Rule INTERRUPTED =
      new Rule(
          "INTERRUPTED",
          Severity.ERROR,
          "the program was told to end before there was a verdict",
          "run it again");

  /** The launcher cannot start the program. */
  public static final Rule NOT_STARTED =
      new Rule(
          "NOT_STARTED",
          Severity.ERROR,
          "the program could not be started, or its Java ended before there was a verdict",
          "see the message; often JAVA_OPTS has an option that Java does not know. A checkout needs a"
              + " JDK besides, and must build");

  /** A defect of the program. */
  public static final Rule INTERNAL_ERROR =
      new Rule(
          "INTERNAL_ERROR", Severity.ERROR, "the program failed in a way of its own", "report it");

  /** One of many models is not verified. */
  public static final Rule NOT_ALL_VERIFIED =
      new Rule(
          "NOT_ALL_VERIFIED",
          Severity.ERROR,
          "at least one of the models that were to be verified is not",
          "see the verdict of each; use none of those that failed");

  /** There is no model where many were to be verified. */
  public static final Rule NO_MODELS =
      new Rule(
          "NO_MODELS",
          Severity.ERROR,
          "there is no directory where each was to be verified",
          "name the directory above the models");

  private ProgramRules() {}

  /** All of them. */
  public static List<Rule> all() {
    return List.of(
        WRONG_USAGE,
        OUT_OF_MEMORY,
        INTERRUPTED,
        NOT_STARTED,
        INTERNAL_ERROR,
        NOT_ALL_VERIFIED,
        NO_MODELS);
  }
}
