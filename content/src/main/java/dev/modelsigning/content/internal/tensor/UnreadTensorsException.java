package dev.modelsigning.content.internal.tensor;

import dev.modelsigning.content.internal.card.CardReadingRules;
import dev.modelsigning.finding.Rule;

/** The header of a file of tensors was not read completely; the message says why. */
final class UnreadTensorsException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Rule rule;

  private UnreadTensorsException(Rule rule, String message) {
    super(message);
    this.rule = rule;
  }

  /** Creates an exception for a violation of the format. */
  static UnreadTensorsException malformed(String message) {
    return new UnreadTensorsException(CardReadingRules.TENSORS_MALFORMED, message);
  }

  /** Creates an exception for content that may be valid and is not supported or exceeds a limit. */
  static UnreadTensorsException beyond(String message) {
    return new UnreadTensorsException(CardReadingRules.TENSORS_NOT_READ, message);
  }

  /** The rule for the finding. */
  Rule rule() {
    return rule;
  }
}
