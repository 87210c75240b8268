package dev.modelsigning.policy.internal.tree;

import dev.modelsigning.policy.problem.Place;
import java.util.regex.Pattern;

/**
 * A text, number or truth value.
 *
 * @param place where it is
 * @param text the text
 * @param quoted whether it is in quotation marks, so that it can only be a text
 */
public record TextNode(Place place, String text, boolean quoted) implements Node {

  /** What parsers of YAML 1.2 take for a number (core schema, 10.3.2), and JSON. */
  private static final Pattern NUMBER =
      Pattern.compile(
          "[-+]?[0-9]++|0o[0-7]++|0x[0-9a-fA-F]++"
              + "|[-+]?(\\.[0-9]++|[0-9]++(\\.[0-9]*+)?)([eE][-+]?[0-9]++)?"
              + "|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

  private static final Pattern TRUTH = Pattern.compile("true|True|TRUE|false|False|FALSE");

  /** Whether it is null, as parsers of YAML 1.2 read it. */
  boolean isNothing() {
    return !quoted && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
  }

  /** Whether it is a truth value, as parsers of YAML 1.2 read it. */
  boolean isTruth() {
    return !quoted && TRUTH.matcher(text).matches();
  }

  /** Whether it is a number, as parsers of YAML 1.2 read it. */
  boolean isNumber() {
    return !quoted && NUMBER.matcher(text).matches();
  }

  @Override
  public String kind() {
    if (isNothing()) {
      return "nothing";
    }
    return isTruth() ? "a truth value" : isNumber() ? "a number" : "a text";
  }
}
