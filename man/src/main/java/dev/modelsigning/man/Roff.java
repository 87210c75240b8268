package dev.modelsigning.man;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Roff source with those macros of man(7) that both groff and mandoc support. Text is escaped here,
 * so that none of it can become a macro.
 */
final class Roff {

  /** The emphasized parts of a sentence: options, and words in capitals (variables, values). */
  private static final Pattern MARKED =
      Pattern.compile(
          "(?<![\\w-])(?<option>--[a-z][a-z0-9-]*[a-z0-9])|\\b(?<word>[A-Z][A-Z0-9_]*[A-Z0-9])\\b");

  /** The maximum length of a source line that mandoc recommends. */
  private static final int LONGEST_LINE = 80;

  private final StringBuilder text = new StringBuilder();
  private final Set<String> labels;
  private boolean beginsSection;

  /**
   * An empty text.
   *
   * @param labels the words for values, such as FILE
   */
  Roff(Set<String> labels) {
    this.labels = labels;
  }

  /** Adds a macro, with each argument escaped and in quotation marks. */
  Roff macro(String name, String... arguments) {
    text.append('.').append(name);
    for (String argument : arguments) {
      text.append(" \"").append(escape(argument).replace("\"", "\\(dq")).append('"');
    }
    text.append('\n');
    return this;
  }

  /** Adds a request of roff itself, whose arguments are never in quotation marks. */
  Roff request(String line) {
    text.append('.').append(line).append('\n');
    return this;
  }

  /** A section. */
  Roff section(String title) {
    macro("SH", title);
    beginsSection = true;
    return this;
  }

  /** Adds a paragraph, in which options, variables and placeholders are emphasized. */
  Roff paragraph(String sentences) {
    startParagraph();
    return sentences(sentences);
  }

  /** Adds a list entry: names, one per line, and their meaning. */
  Roff entry(List<Roff> names, String meaning) {
    String macro = "TP";
    for (Roff name : names) {
      macro(macro);
      text.append(name.text).append('\n');
      beginsSection = false;
      macro = "TQ";
    }
    return sentences(meaning);
  }

  /** Adds bold text to the current line. */
  Roff bold(String piece) {
    return font("B", piece);
  }

  /** Adds italic text to the current line. */
  Roff italic(String piece) {
    return font("I", piece);
  }

  /** Adds plain text to the current line. */
  Roff plain(String piece) {
    text.append(escape(piece));
    return this;
  }

  /** Ends the current line. */
  Roff end() {
    beginsSection = false;
    int start = text.lastIndexOf("\n") + 1;
    String line = text.substring(start);
    text.setLength(start);
    wrap(line);
    return this;
  }

  /** Adds preformatted lines, such as an example. */
  Roff verbatim(Iterable<String> lines) {
    startParagraph();
    macro("RS", "4");
    macro("EX");
    for (String line : lines) {
      text.append(escape(line)).append('\n');
    }
    macro("EE");
    macro("RE");
    // Ending an example turns hyphenation on again.
    return request("nh");
  }

  /** Begins a paragraph; the first one of a section needs no macro. */
  private void startParagraph() {
    if (!beginsSection) {
      macro("PP");
    }
    beginsSection = false;
  }

  private Roff sentences(String sentences) {
    Matcher marked = MARKED.matcher(sentences);
    StringBuilder line = new StringBuilder();
    int from = 0;
    while (marked.find()) {
      String word = marked.group();
      String font =
          labels.contains(word) ? "I" : word.startsWith("--") || word.contains("_") ? "B" : "";
      if (!font.isEmpty()) {
        line.append(escaped(sentences.substring(from, marked.start())));
        line.append("\\f").append(font).append(escaped(word)).append("\\fR");
        from = marked.end();
      }
    }
    line.append(escaped(sentences.substring(from)));
    wrap(line.toString());
    return this;
  }

  /**
   * Adds escaped text as source lines, which roff fills. Each sentence begins a line: roff sets
   * less space after one that ends within a line.
   */
  private void wrap(String escaped) {
    StringBuilder line = new StringBuilder();
    for (String word : escaped.stripTrailing().split(" ", -1)) {
      if (!line.isEmpty()
          && (line.length() + 1 + word.length() > LONGEST_LINE
              || line.charAt(line.length() - 1) == '.')) {
        // Programs that index names and purposes of pages drop a space before an escape.
        int last = line.lastIndexOf(" ");
        String carried = word.startsWith("\\") && last > 0 ? line.substring(last + 1) : "";
        line.setLength(carried.isEmpty() ? line.length() : last);
        text.append(guard(line.toString())).append('\n');
        line.setLength(0);
        line.append(carried);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    text.append(guard(line.toString())).append('\n');
  }

  private Roff font(String font, String piece) {
    text.append("\\f").append(font).append(escaped(piece)).append("\\fR");
    return this;
  }

  /** Escapes text of one line, including at the beginning of a line. */
  static String escape(String line) {
    return guard(escaped(line));
  }

  /** Protects a line that begins with a point or an apostrophe, which would be a macro. */
  private static String guard(String line) {
    return line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line;
  }

  /**
   * Escapes characters that roff would replace by typographic ones, which cannot be pasted into a
   * shell or searched for. A hyphen-minus is not a line break opportunity either, as in the help.
   */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(character -> {
          switch (character) {
            case '\\' -> escaped.append("\\e");
            case '-' -> escaped.append("\\-");
            case '\'' -> escaped.append("\\(aq");
            case '`' -> escaped.append("\\(ga");
            case '^' -> escaped.append("\\(ha");
            case '~' -> escaped.append("\\(ti");
            default -> {
              if (character >= ' ' && character < 0x7f) {
                escaped.appendCodePoint(character);
              } else if (character > 0xa0) {
                escaped.append(String.format("\\[u%04X]", character));
              } else {
                throw new IllegalArgumentException("a control character in a line: " + character);
              }
            }
          }
        });
    // Not the end of a sentence, after which roff sets more space.
    return escaped.toString().replace("...", "...\\&");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
