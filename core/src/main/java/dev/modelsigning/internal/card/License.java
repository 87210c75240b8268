package dev.modelsigning.internal.card;

import dev.modelsigning.facts.CardEntry.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A licence of a model.
 *
 * @param kind what the text is
 * @param text the identifier, expression or name
 */
public record License(Kind kind, String text) {

  /** The forms that CycloneDX has, by their members. */
  public enum Kind {
    /** An identifier of the SPDX License List. */
    ID,
    /** An SPDX License Expression of several identifiers. */
    EXPRESSION,
    /** Any other name. */
    NAME
  }

  /** An address, or the name of a file with the text of a licence. */
  private static final Pattern LINK =
      Pattern.compile("(?i)https?://.*|(?:\\./)?(?:.*/)?(?:LICEN[CS]E|COPYING|NOTICE)(?:[.-].*)?");

  /** Words of model hubs that stand for no licence. */
  private static final List<String> NONE = List.of("other", "unknown");

  /** The licences that a card states. */
  public static List<License> of(Card card) {
    List<String> stated = card.values(Field.LICENSE);
    List<String> names = names(card);
    if (stated.size() == 1 && names.isEmpty()) {
      Optional<String> expression = SpdxLicenses.expression(stated.get(0));
      if (expression.isPresent()) {
        return List.of(new License(Kind.EXPRESSION, expression.get()));
      }
    }
    List<License> all = new ArrayList<>();
    for (String text : stated) {
      if (names.isEmpty() || !NONE.contains(text)) {
        add(text, all);
      }
    }
    names.forEach(text -> add(text, all));
    return List.copyOf(all);
  }

  /**
   * The names of licences without an identifier. A card's link to the text of the licence stands
   * among them, and is not a second licence.
   */
  private static List<String> names(Card card) {
    List<String> all = card.values(Field.LICENSE_NAME);
    List<String> names = all.stream().filter(text -> !LINK.matcher(text).matches()).toList();
    return names.isEmpty() && card.values(Field.LICENSE).isEmpty() ? all : names;
  }

  private static void add(String text, List<License> all) {
    Optional<String> id = SpdxLicenses.id(text);
    License license =
        id.isPresent() ? new License(Kind.ID, id.get()) : new License(Kind.NAME, text);
    if (!all.contains(license)) {
      all.add(license);
    }
  }

  /** Whether it is a licence, and no word for an unknown one. */
  public boolean isKnown() {
    return kind != Kind.NAME || !NONE.contains(text);
  }
}
