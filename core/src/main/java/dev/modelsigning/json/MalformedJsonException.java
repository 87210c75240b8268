package dev.modelsigning.json;

import java.nio.charset.CharacterCodingException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;

/** A document is not JSON by RFC 8259, or not of the shape its reader expects. */
public final class MalformedJsonException extends Exception {

  private static final long serialVersionUID = 1L;

  /** What Jackson says of a document that is beyond a bound. */
  private static final Pattern BEYOND =
      Pattern.compile(
          "(.+) \\(([0-9]+)\\) exceeds the maximum allowed \\(([0-9]+),.*", Pattern.DOTALL);

  /** The message names the place and what was wrong there. */
  public MalformedJsonException(String message) {
    super(message);
  }

  /** An error that Jackson found, in our words. */
  static MalformedJsonException notJson(String document, JacksonException e) {
    TokenStreamLocation location = e.getLocation();
    String place =
        location == null || location.getLineNr() < 1
            ? ""
            : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    MalformedJsonException malformed =
        new MalformedJsonException(document + ": not valid JSON" + place + ": " + problem(e));
    malformed.initCause(e);
    return malformed;
  }

  private static String problem(JacksonException e) {
    if (e.getCause() instanceof CharacterCodingException) {
      return "bytes that are not UTF-8";
    }
    String message = e.getOriginalMessage();
    if (e instanceof StreamConstraintsException) {
      Matcher beyond = BEYOND.matcher(message);
      if (beyond.matches()) {
        return beyond(beyond.group(1), beyond.group(3), beyond.group(2));
      }
      if (message.contains("collision")) {
        return "too many names of members with the same hash code";
      }
    }
    // What stands behind the colon is advice on how to configure the parser.
    int colon = message.indexOf(": ");
    return Printable.escape(colon < 0 ? message : message.substring(0, colon));
  }

  private static String beyond(String what, String most, String found) {
    String bound = "expected at most " + most + ", found " + found;
    return switch (what) {
      case "Document nesting depth" -> "nested deeper than " + most + ": " + bound;
      case "Token count" -> "too many names, values and brackets: " + bound;
      case "Name length" -> "a name is too long: " + bound + " characters";
      case "Number value length" -> "a number is too long: " + bound + " characters";
      default -> Printable.brief(what) + ": " + bound;
    };
  }
}
