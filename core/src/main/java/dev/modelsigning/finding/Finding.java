package dev.modelsigning.finding;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Something that was found while signing or verifying, and that changes nothing about the result.
 *
 * @param rule the kind of finding
 * @param severity how much it matters
 * @param message what was found, for people: lower case, without a full stop. It may hold text from
 *     outside, and is escaped by whoever shows it
 * @param file the file of the model that it is about, by its name in a manifest, escaped where it
 *     cannot be represented; empty if it is about the signature or the model as a whole
 * @param values the data in the message, such as {@code expected} and {@code found}, in the order
 *     in which to show them
 */
public record Finding(
    Rule rule,
    Severity severity,
    String message,
    Optional<String> file,
    Map<String, String> values) {

  /** Copies the values and keeps their order. */
  public Finding {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** A finding of the severity that the rule has. */
  public static Finding of(Rule rule, String message) {
    return new Finding(rule, rule.severity(), message, Optional.empty(), Map.of());
  }

  /** The same about a file of the model. */
  public Finding withFile(String name) {
    return new Finding(rule, severity, message, Optional.of(name), values);
  }

  /** The same with one more value. */
  public Finding withValue(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(values);
    more.put(name, value);
    return new Finding(rule, severity, message, file, more);
  }

  /** The message. */
  @Override
  public String toString() {
    return message;
  }
}
