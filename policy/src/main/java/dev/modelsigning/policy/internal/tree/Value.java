package dev.modelsigning.policy.internal.tree;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import dev.modelsigning.policy.problem.Place;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A value that is expected to have a certain type. What is only similar is refused: a number is no
 * text, and a text is neither a number nor a truth value.
 *
 * @param file the file, for messages
 * @param node the value
 * @param refusals what becomes of a refusal
 */
public record Value(String file, Node node, Refusals refusals) {

  /** The largest number of characters of a text. */
  public static final int MAX_TEXT = 4_000;

  private static final Pattern DIGITS = Pattern.compile("0|[1-9][0-9]{0,8}");

  /** A value whose first refusal ends the reading. */
  public Value(String file, Node node) {
    this(file, node, Refusals.thrown());
  }

  /** Where it is. */
  public Place place() {
    return node.place();
  }

  /** The refusal of it. */
  public MalformedPolicyException refused(String what) {
    return new MalformedPolicyException(file, place(), what);
  }

  /** The refusal of it, with what was found. */
  public MalformedPolicyException expected(String what) {
    if (node instanceof RefusedNode before) {
      return before.refusal();
    }
    boolean shown =
        node instanceof TextNode text && !text.isNothing() && text.text().length() <= MAX_TEXT;
    return refused(
        "expected "
            + what
            + ", found "
            + node.kind()
            + (shown ? " " + Printable.quote(((TextNode) node).text()) : "")
            + (isNothing() && what.matches("a (map|list)\\b.*")
                ? "; indent what is in it further than its name"
                : ""));
  }

  private boolean isNothing() {
    return node instanceof TextNode text && text.isNothing() && !place().field().isEmpty();
  }

  /** A text that is not empty. */
  public String text() throws MalformedPolicyException {
    return text("a text");
  }

  /**
   * A text that is not empty.
   *
   * @param what what it is, for messages
   */
  public String text(String what) throws MalformedPolicyException {
    if (!(node instanceof TextNode text) || text.isNothing()) {
      throw expected(what);
    }
    if (text.isNumber() || text.isTruth()) {
      throw refused(
          "expected %s, found %s; write it in quotation marks: \"%s\""
              .formatted(what, text.kind(), Printable.brief(text.text())));
    }
    if (text.text().isBlank() || text.text().length() > MAX_TEXT) {
      throw refused(
          "expected %s of 1 to %d characters, found %d"
              .formatted(what, MAX_TEXT, text.text().strip().length()));
    }
    return text.text();
  }

  /**
   * Values without duplicates: a list that is not empty, or a single one without it. An item that
   * is refused is left out if refusals are collected.
   */
  public List<Value> texts() throws MalformedPolicyException {
    if (node instanceof TextNode) {
      text();
      return List.of(this);
    }
    List<Value> values = list("a text or a list of texts", Integer.MAX_VALUE);
    Set<String> seen = new HashSet<>();
    List<Value> texts = new ArrayList<>();
    for (Value value : values) {
      if (refusals.attempt(false, () -> value.isNewIn(seen))) {
        texts.add(value);
      }
    }
    return texts;
  }

  private boolean isNewIn(Set<String> seen) throws MalformedPolicyException {
    if (!seen.add(text())) {
      throw refused("named twice: " + Printable.quote(text()));
    }
    return true;
  }

  /**
   * A list that is not empty.
   *
   * @param what what it is, for messages
   * @param most the largest number of items
   */
  public List<Value> list(String what, int most) throws MalformedPolicyException {
    if (!(node instanceof ListNode list)) {
      throw expected(what);
    }
    if (list.items().isEmpty()) {
      throw refused("expected " + what + ", found an empty list");
    }
    if (list.items().size() > most) {
      throw refused("expected at most %d, found %d".formatted(most, list.items().size()));
    }
    List<Value> values = new ArrayList<>();
    list.items().forEach(item -> values.add(new Value(file, item, refusals)));
    return values;
  }

  /** Whether it is a list without items. */
  public boolean isEmptyList() {
    return node instanceof ListNode list && list.items().isEmpty();
  }

  /** A truth value. */
  public boolean flag() throws MalformedPolicyException {
    if (node instanceof TextNode text && !text.quoted()) {
      if (text.text().equals("true")) {
        return true;
      }
      if (text.text().equals("false")) {
        return false;
      }
    }
    throw expected("true or false, without quotation marks");
  }

  /** A number, written with digits only. */
  public int number() throws MalformedPolicyException {
    return number("a number of at most nine digits");
  }

  /**
   * A number, written with digits only.
   *
   * @param what what it is, for messages
   */
  public int number(String what) throws MalformedPolicyException {
    if (node instanceof TextNode text && !text.quoted() && DIGITS.matcher(text.text()).matches()) {
      return Integer.parseInt(text.text());
    }
    boolean quoted = node instanceof TextNode text && DIGITS.matcher(text.text()).matches();
    throw expected(what + (quoted ? ", without quotation marks" : ""));
  }

  /**
   * One of some words.
   *
   * @param words what each means
   */
  public <T> T word(Map<String, T> words) throws MalformedPolicyException {
    String found = text("one of " + String.join(", ", words.keySet()));
    T meaning = words.get(found);
    if (meaning == null) {
      throw refused(
          "expected one of %s; found %s%s"
              .formatted(
                  String.join(", ", words.keySet()),
                  Printable.quote(found),
                  NearNames.hint(found, words.keySet())));
    }
    return meaning;
  }

  /** The values of a map by their names, which the policy chooses. */
  public Map<String, Value> entries(String what) throws MalformedPolicyException {
    if (!(node instanceof MapNode map)) {
      throw expected(what);
    }
    Map<String, Value> entries = new LinkedHashMap<>();
    map.entries().forEach((name, value) -> entries.put(name, new Value(file, value, refusals)));
    return entries;
  }

  /**
   * The fields of a map.
   *
   * @param known all that there can be
   */
  public MapFields fields(String... known) throws MalformedPolicyException {
    return new MapFields(this, List.of(known), List.of());
  }

  /**
   * The fields of a map.
   *
   * @param known all that there can be
   * @param silent those of them that no message names
   */
  public MapFields fields(List<String> known, List<String> silent) throws MalformedPolicyException {
    return new MapFields(this, known, silent);
  }
}
