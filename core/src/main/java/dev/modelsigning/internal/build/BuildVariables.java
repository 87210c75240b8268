package dev.modelsigning.internal.build;

import dev.modelsigning.internal.json.Printable;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The variables of a job. Each is read by its name, and checked before it is written. */
final class BuildVariables {

  /**
   * What stands for itself in the path of a URI, except the percent sign (RFC 3986) and the at sign
   * that is written between the path of a file and a reference, both of which may contain it.
   */
  private static final Pattern PATH = Pattern.compile("[A-Za-z0-9._~/!$&'()*+,;=:-]");

  private final Map<String, String> environment;

  BuildVariables(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The value of a variable; empty if it is absent or empty. */
  Optional<String> optional(String name) {
    String value = environment.get(name);
    if (value == null || value.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(SafeUri.requireText(name, value));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("environment: " + e.getMessage(), e);
    }
  }

  /** The value of a variable, which must be there. */
  String required(String name) {
    Optional<String> value = optional(name);
    if (value.isEmpty()) {
      throw new IllegalArgumentException("environment: " + name + ": is missing");
    }
    return value.get();
  }

  /**
   * The value of a variable, which must match an expression completely.
   *
   * @param expected what it is, for messages
   */
  String matching(String name, Pattern pattern, String expected) {
    return require(name, required(name), pattern, expected);
  }

  /** The same, if the variable is there. */
  Optional<String> optionalMatching(String name, Pattern pattern, String expected) {
    Optional<String> value = optional(name);
    if (value.isPresent()) {
      require(name, value.get(), pattern, expected);
    }
    return value;
  }

  private static String require(String name, String value, Pattern pattern, String expected) {
    if (!pattern.matcher(value).matches()) {
      throw malformed(name, expected, value);
    }
    return value;
  }

  static IllegalArgumentException malformed(String name, String expected, String found) {
    return new IllegalArgumentException(problem(name, expected, found));
  }

  static String problem(String name, String expected, String found) {
    return "environment: " + name + ": expected " + expected + ", found " + Printable.quote(found);
  }

  /** An address of the web without credentials and without a slash at the end. */
  String address(String name) {
    String value = required(name);
    try {
      SafeUri.require(name, value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("environment: " + e.getMessage(), e);
    }
    if (!SafeUri.isWeb(value)
        || value.endsWith("/")
        || value.contains("?")
        || value.contains("#")) {
      throw malformed(name, "an http or https address", value);
    }
    return value;
  }

  /** A text as it stands in the path of a URI, before or behind an at sign, but without one. */
  static String inPath(String text) {
    StringBuilder path = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      String character = Character.toString((char) (b & 0xff));
      if (b > 0 && PATH.matcher(character).matches()) {
        path.append(character);
      } else {
        path.append('%')
            .append(Character.toUpperCase(Character.forDigit(b >> 4 & 0xf, 16)))
            .append(Character.toUpperCase(Character.forDigit(b & 0xf, 16)));
      }
    }
    return path.toString();
  }
}
