package dev.modelsigning.internal.json;

import java.util.ArrayList;
import java.util.List;

/**
 * Renders JSON text that was read by {@link JsonReader#rawValue()}: compact, valid, and without
 * control characters in strings. Values are not changed, only their form.
 */
public final class JsonText {

  private static final String STEP = "  ";

  private JsonText() {}

  /**
   * The same text in ASCII: any other character, which can occur only in a string, is escaped, and
   * so is DEL.
   */
  public static String ascii(String compact) {
    StringBuilder ascii = new StringBuilder(compact.length());
    for (int i = 0; i < compact.length(); i++) {
      char c = compact.charAt(i);
      if (c < 0x7f) {
        ascii.append(c);
      } else {
        ascii.append(String.format("\\u%04x", (int) c));
      }
    }
    return ascii.toString();
  }

  /** The same text in lines, indented by two spaces for each level. */
  public static List<String> lines(String compact) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    int depth = 0;
    boolean inString = false;
    for (int i = 0; i < compact.length(); i++) {
      char c = compact.charAt(i);
      if (inString) {
        line.append(c);
        if (c == '\\') {
          line.append(compact.charAt(++i));
        } else if (c == '"') {
          inString = false;
        }
        continue;
      }
      switch (c) {
        case '"' -> {
          inString = true;
          line.append(c);
        }
        case '{', '[' -> {
          line.append(c);
          if (isEmpty(compact, i)) {
            line.append(compact.charAt(++i));
          } else {
            depth++;
            lines.add(line.toString());
            line = new StringBuilder(STEP.repeat(depth));
          }
        }
        case '}', ']' -> {
          depth--;
          lines.add(line.toString());
          line = new StringBuilder(STEP.repeat(depth)).append(c);
        }
        case ',' -> {
          lines.add(line.append(c).toString());
          line = new StringBuilder(STEP.repeat(depth));
        }
        case ':' -> line.append(": ");
        default -> line.append(c);
      }
    }
    lines.add(line.toString());
    return lines;
  }

  private static boolean isEmpty(String compact, int opening) {
    char next = compact.charAt(opening + 1);
    return next == '}' || next == ']';
  }
}
