package dev.modelsigning.content;

import dev.modelsigning.content.internal.card.CardReadingRules;
import dev.modelsigning.finding.Rule;
import java.util.List;

/** The rules about cards and files of tensors, in the order of {@code docs/findings.md}. */
public final class CardRules {

  /** The model card or configuration cannot be read, or not completely. */
  public static final Rule CARD_NOT_READ = CardReadingRules.CARD_NOT_READ;

  /** A file of tensors was not inspected. */
  public static final Rule TENSORS_NOT_READ = CardReadingRules.TENSORS_NOT_READ;

  /** The header of a file of tensors violates its format. */
  public static final Rule TENSORS_MALFORMED = CardReadingRules.TENSORS_MALFORMED;

  private CardRules() {}

  /** All rules. */
  public static List<Rule> all() {
    return List.of(CARD_NOT_READ, TENSORS_NOT_READ, TENSORS_MALFORMED);
  }
}
