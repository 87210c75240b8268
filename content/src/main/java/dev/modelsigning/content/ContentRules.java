package dev.modelsigning.content;

import dev.modelsigning.content.internal.found.ReadingRules;
import dev.modelsigning.finding.Rule;
import java.util.List;

/** The rules of this module, in the order of {@code docs/findings.md}. */
public final class ContentRules {

  /** A file is not well-formed, so what can run was looked for up to there only. */
  public static final Rule CONTENT_BROKEN = ReadingRules.CONTENT_BROKEN;

  /** Not all of a file was looked into for what can run. */
  public static final Rule CONTENT_NOT_SEARCHED = ReadingRules.CONTENT_NOT_SEARCHED;

  /** A zip file says one thing of an entry in its directory and another one beside the entry. */
  public static final Rule ZIP_HEADERS_DISAGREE = ReadingRules.ZIP_HEADERS_DISAGREE;

  /** Programs may find different entries in a zip file. */
  public static final Rule ZIP_AMBIGUOUS = ReadingRules.ZIP_AMBIGUOUS;

  /** A configuration is no strict JSON, so programs may understand it differently. */
  public static final Rule CONFIGURATION_AMBIGUOUS = ReadingRules.CONFIGURATION_AMBIGUOUS;

  private ContentRules() {}

  /** All of them. */
  public static List<Rule> all() {
    return List.of(
        CONTENT_BROKEN,
        CONTENT_NOT_SEARCHED,
        ZIP_HEADERS_DISAGREE,
        ZIP_AMBIGUOUS,
        CONFIGURATION_AMBIGUOUS);
  }
}
