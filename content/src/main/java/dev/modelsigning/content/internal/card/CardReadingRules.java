package dev.modelsigning.content.internal.card;

import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Severity;

/** The rules for readers of cards and of files of tensors. */
public final class CardReadingRules {

  /** The model card or configuration cannot be read, or not completely. */
  public static final Rule CARD_NOT_READ =
      new Rule(
          "CARD_NOT_READ",
          Severity.NOTE,
          "the model card, the configuration or the metadata of a file cannot be read, or not all of"
              + " it",
          "read the file yourself if what it states matters");

  /** A file of tensors was not inspected. */
  public static final Rule TENSORS_NOT_READ =
      new Rule(
          "TENSORS_NOT_READ",
          Severity.NOTE,
          "what a file of tensors holds was not looked at, as it is beyond a bound, of an unknown"
              + " version, or cannot be read in parts",
          "nothing, or find out from the message why");

  /** A file of tensors violates its format. */
  public static final Rule TENSORS_MALFORMED =
      new Rule(
          "TENSORS_MALFORMED",
          Severity.WARNING,
          "the header of a file of tensors is not what its format asks for, so programs may read it"
              + " in different ways, or fail",
          "do not load it with a program that trusts the header; ask the publisher");

  private CardReadingRules() {}
}
