package dev.modelsigning.content.internal.tensor;

import dev.modelsigning.content.internal.card.CardReadingRules;
import dev.modelsigning.finding.Rule;

/** The header of a file of tensors was not read to its end; the message says why. */
final class UnreadTensorsException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Rule rule;

  private UnreadTensorsException(Rule rule, String message) {
    super(message);
    this.rule = rule;
  }

  /** It is not what the format asks for. */
  static UnreadTensorsException malformed(String message) {
    return new UnreadTensorsException(CardReadingRules.TENSORS_MALFORMED, message);
  }

  /** It may be right, and is not read here. */
  static UnreadTensorsException beyond(String message) {
    return new UnreadTensorsException(CardReadingRules.TENSORS_NOT_READ, message);
  }

  /** What kind of finding it is. */
  Rule rule() {
    return rule;
  }
}
