package dev.modelsigning.internal.card;

import dev.modelsigning.facts.CardEntry;
import dev.modelsigning.facts.ContentFacts;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a model's card and configuration state, each value once, as text that can be written. */
public final class Card {

  /** Of all files together: many can have a licence. */
  private static final int MAX_VALUES = 1_000;

  private final List<CardEntry> entries;

  /** The card in these facts, if there are any. */
  public Card(Optional<ContentFacts> facts) {
    this.entries = facts.map(ContentFacts::card).orElse(List.of());
  }

  /** The values of a field, in the order of files. */
  public List<String> values(CardEntry.Field field) {
    Set<String> values = new LinkedHashSet<>();
    for (CardEntry entry : entries) {
      if (entry.field() == field) {
        for (String value : entry.values()) {
          String text = WellFormedText.of(value);
          if (!text.isBlank() && values.size() < MAX_VALUES) {
            values.add(text);
          }
        }
      }
    }
    return List.copyOf(values);
  }

  /** The values of a field in one text. */
  public Optional<String> text(CardEntry.Field field) {
    List<String> values = values(field);
    return values.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", values));
  }
}
