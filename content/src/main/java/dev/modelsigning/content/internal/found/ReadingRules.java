package dev.modelsigning.content.internal.found;

import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Severity;

/** The rules for readers of runnable content. */
public final class ReadingRules {

  /** The content ended before a reader was finished. */
  public static final Rule CONTENT_BROKEN =
      new Rule(
          "CONTENT_BROKEN",
          Severity.WARNING,
          "a file is not well-formed, so what can run was looked for up to there only",
          "loaders run what stands before the fault; do not load the file, or ask its publisher"
              + " for a whole one");

  /** Content beyond the limits was not searched. */
  public static final Rule CONTENT_NOT_SEARCHED =
      new Rule(
          "CONTENT_NOT_SEARCHED",
          Severity.NOTE,
          "not all of a file was looked into for what can run",
          "it is compressed or encrypted in a way that is not read here, or larger than the"
              + " bounds; take it for something that runs");

  /** Two parsers of a zip file see different content. */
  public static final Rule ZIP_HEADERS_DISAGREE =
      new Rule(
          "ZIP_HEADERS_DISAGREE",
          Severity.WARNING,
          "a zip file says one thing of an entry in its directory and another one beside the entry",
          "programs may read different contents from it; ask the publisher for a file written by"
              + " one that does not");

  /** A zip file has entries that only some parsers see. */
  public static final Rule ZIP_AMBIGUOUS =
      new Rule(
          "ZIP_AMBIGUOUS",
          Severity.WARNING,
          "programs may find different entries in a zip file",
          "entries overlap, have the same name or are hidden; ask the publisher for a file that is"
              + " not so");

  /** Lenient parsers accept what strict ones refuse. */
  public static final Rule CONFIGURATION_AMBIGUOUS =
      new Rule(
          "CONFIGURATION_AMBIGUOUS",
          Severity.WARNING,
          "a configuration is no strict JSON, so programs may understand it differently",
          "ask the publisher for a file that is");

  private ReadingRules() {}
}
