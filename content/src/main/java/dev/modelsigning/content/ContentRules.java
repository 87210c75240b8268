package dev.modelsigning.content;

import dev.modelsigning.content.internal.found.ReadingRules;
import dev.modelsigning.finding.Rule;
import java.util.List;

/** The rules of this module, in the order of {@code docs/findings.md}. */
public final class ContentRules {

  /** A file is malformed, so it was searched for runnable content only up to the error. */
  public static final Rule CONTENT_BROKEN = ReadingRules.CONTENT_BROKEN;

  /** A file was not searched completely for runnable content. */
  public static final Rule CONTENT_NOT_SEARCHED = ReadingRules.CONTENT_NOT_SEARCHED;

  /** The central directory of a zip file and a local header differ about an entry. */
  public static final Rule ZIP_HEADERS_DISAGREE = ReadingRules.ZIP_HEADERS_DISAGREE;

  /** Programs may find different entries in a zip file. */
  public static final Rule ZIP_AMBIGUOUS = ReadingRules.ZIP_AMBIGUOUS;

  /** A configuration is not strict JSON, so programs may interpret it differently. */
  public static final Rule CONFIGURATION_AMBIGUOUS = ReadingRules.CONFIGURATION_AMBIGUOUS;

  private ContentRules() {}

  /** All rules. */
  public static List<Rule> all() {
    return List.of(
        CONTENT_BROKEN,
        CONTENT_NOT_SEARCHED,
        ZIP_HEADERS_DISAGREE,
        ZIP_AMBIGUOUS,
        CONFIGURATION_AMBIGUOUS);
  }
}
