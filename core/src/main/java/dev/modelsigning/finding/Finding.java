package dev.modelsigning.finding;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An observation made while signing or verifying, which does not change the result.
 *
 * @param rule the kind of finding
 * @param severity how much it matters
 * @param message what was found, for people: lower case, without a full stop. It may contain
 *     untrusted text, and must be escaped for display
 * @param file the file of the model that it concerns, by its name in a manifest, escaped where it
 *     cannot be represented; empty if it concerns the signature or the model as a whole
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

  /** Returns a finding with the severity of its rule. */
  public static Finding of(Rule rule, String message) {
    return new Finding(rule, rule.severity(), message, Optional.empty(), Map.of());
  }

  /** Returns the same finding for a file of the model. */
  public Finding withFile(String name) {
    return new Finding(rule, severity, message, Optional.of(name), values);
  }

  /** Returns the same finding with one more value. */
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
