package dev.modelsigning.content.internal.card;

import dev.modelsigning.facts.CardEntry;
import dev.modelsigning.facts.CardEntry.Field;
import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.finding.Finding;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects the statements of a file, within limits. */
public final class CardValues {

  private final Map<Field, List<String>> values = new EnumMap<>(Field.class);
  private boolean cut;

  /** Creates an empty collection. */
  public CardValues() {}

  /**
   * Adds a value; values beyond {@link CardEntry#MAX_VALUES} are dropped, and long ones truncated.
   */
  public void add(Field field, String value) {
    if (value.isEmpty()) {
      return;
    }
    List<String> list = values.computeIfAbsent(field, any -> new ArrayList<>());
    if (list.size() == CardEntry.MAX_VALUES) {
      cut = true;
      return;
    }
    list.add(brief(value));
  }

  private String brief(String value) {
    if (value.length() <= CardEntry.MAX_LENGTH) {
      return value;
    }
    cut = true;
    int end = CardEntry.MAX_LENGTH;
    return value.substring(0, Character.isHighSurrogate(value.charAt(end - 1)) ? end - 1 : end);
  }

  /** The statements, one entry for each field. */
  public List<CardEntry> entries(String file) {
    List<CardEntry> entries = new ArrayList<>();
    values.forEach((field, list) -> entries.add(new CardEntry(field, list, file)));
    return entries;
  }

  /** A finding if values were dropped. */
  public List<Finding> findings(String file) {
    return cut
        ? List.of(
            notRead(
                file,
                "states more than is shown: expected at most "
                    + CardEntry.MAX_VALUES
                    + " values of a field, each of at most "
                    + CardEntry.MAX_LENGTH
                    + " characters"))
        : List.of();
  }

  FileFacts facts(String file) {
    return new FileFacts(List.of(), entries(file), findings(file));
  }

  /** Facts with only a finding about an unreadable file. */
  static FileFacts unreadable(String file, String problem) {
    return new FileFacts(
        List.of(),
        List.of(),
        List.of(notRead(file, "was not read for what it states: " + problem)));
  }

  private static Finding notRead(String file, String problem) {
    return Finding.of(CardReadingRules.CARD_NOT_READ, file + ": " + problem).withFile(file);
  }
}
