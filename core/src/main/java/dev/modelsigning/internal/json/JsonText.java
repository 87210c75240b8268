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
        // Without a format string, which would be a thousand times slower.
        ascii.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          ascii.append(Character.forDigit(c >> shift & 0xf, 16));
        }
      }
    }
    return ascii.toString();
  }

  /**
   * The same text in lines, indented by two spaces for each level.
   *
   * @param most the largest number of lines; if there are more, one more says how many
   */
  public static List<String> lines(String compact, int most) {
    Lines lines = new Lines(most);
    for (int i = 0; i < compact.length(); i++) {
      char c = compact.charAt(i);
      switch (c) {
        case '"' -> {
          int end = endOfString(compact, i);
          lines.add(compact, i, end);
          i = end - 1;
        }
        case '{', '[' -> {
          if (isEmpty(compact, i)) {
            lines.add(compact, i, i + 2);
            i++;
          } else {
            lines.add(compact, i, i + 1);
            lines.next(1);
          }
        }
        case '}', ']' -> {
          lines.next(-1);
          lines.add(compact, i, i + 1);
        }
        case ',' -> {
          lines.add(compact, i, i + 1);
          lines.next(0);
        }
        case ':' -> lines.add(": ", 0, 2);
        default -> lines.add(compact, i, i + 1);
      }
    }
    return lines.end();
  }

  private static int endOfString(String compact, int opening) {
    int at = opening + 1;
    while (compact.charAt(at) != '"') {
      at += compact.charAt(at) == '\\' ? 2 : 1;
    }
    return at + 1;
  }

  private static boolean isEmpty(String compact, int opening) {
    char next = compact.charAt(opening + 1);
    return next == '}' || next == ']';
  }

  /** Lines that are kept up to a number, and counted beyond it. */
  private static final class Lines {
    private final int most;
    private final List<String> kept = new ArrayList<>();
    private StringBuilder line = new StringBuilder();
    private int depth;
    private long more;

    Lines(int most) {
      this.most = most;
    }

    void add(String text, int from, int to) {
      if (kept.size() < most) {
        line.append(text, from, to);
      }
    }

    /** Ends the line; the next one is deeper by this number of levels. */
    void next(int levels) {
      depth += levels;
      if (kept.size() < most) {
        kept.add(line.toString());
        line = new StringBuilder(STEP.repeat(depth));
      } else {
        more++;
      }
    }

    List<String> end() {
      next(0);
      if (more > 0) {
        kept.add("... and " + more + (more == 1 ? " more line" : " more lines"));
      }
      return kept;
    }
  }
}
