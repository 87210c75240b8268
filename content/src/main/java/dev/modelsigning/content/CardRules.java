package dev.modelsigning.content;

import dev.modelsigning.content.internal.card.CardReadingRules;
import dev.modelsigning.finding.Rule;
import java.util.List;

/** The rules about cards and files of tensors, in the order of {@code docs/findings.md}. */
public final class CardRules {

  /** What a model says about itself cannot be read, or not all of it. */
  public static final Rule CARD_NOT_READ = CardReadingRules.CARD_NOT_READ;

  /** What a file of tensors holds was not looked at. */
  public static final Rule TENSORS_NOT_READ = CardReadingRules.TENSORS_NOT_READ;

  /** The header of a file of tensors is not what its format asks for. */
  public static final Rule TENSORS_MALFORMED = CardReadingRules.TENSORS_MALFORMED;

  private CardRules() {}

  /** All of them. */
  public static List<Rule> all() {
    return List.of(CARD_NOT_READ, TENSORS_NOT_READ, TENSORS_MALFORMED);
  }
}
