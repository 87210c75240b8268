package dev.modelsigning.man;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text in the language of roff, with the macros of man(7), of those that groff and mandoc both
 * know. What is a text and not a macro is escaped here, whatever it begins with.
 */
final class Roff {

  /** What is emphasized within a sentence: an option, a variable; in it, what is put in. */
  private static final Pattern MARKED =
      Pattern.compile(
          "(?<![\\w-])(?<option>--[a-z][a-z0-9-]*[a-z0-9])|\\b(?<word>[A-Z][A-Z0-9_]*[A-Z0-9])\\b");

  /** What mandoc calls good style. */
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

  /** A line that is a macro with arguments, each escaped and in quotation marks. */
  Roff macro(String name, String... arguments) {
    text.append('.').append(name);
    for (String argument : arguments) {
      text.append(" \"").append(escape(argument).replace("\"", "\\(dq")).append('"');
    }
    text.append('\n');
    return this;
  }

  /** A line that is a request to roff itself, whose arguments are never in quotation marks. */
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

  /** A paragraph of sentences, in which options, variables and values are emphasized. */
  Roff paragraph(String sentences) {
    startParagraph();
    return sentences(sentences);
  }

  /** Names, one below the other, and what they mean. */
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

  /** A piece of a line in bold. */
  Roff bold(String piece) {
    return font("B", piece);
  }

  /** A piece of a line in italics. */
  Roff italic(String piece) {
    return font("I", piece);
  }

  /** A piece of a line as it is. */
  Roff plain(String piece) {
    text.append(escape(piece));
    return this;
  }

  /** The end of a line of pieces. */
  Roff end() {
    beginsSection = false;
    int start = text.lastIndexOf("\n") + 1;
    String line = text.substring(start);
    text.setLength(start);
    wrap(line);
    return this;
  }

  /** Lines that stay as they are, such as an example. */
  Roff verbatim(Iterable<String> lines) {
    startParagraph();
    macro("RS", "4");
    macro("EX");
    for (String line : lines) {
      text.append(escape(line)).append('\n');
    }
    macro("EE");
    macro("RE");
    // The end of an example has words hyphenated again.
    return request("nh");
  }

  /** The first paragraph of a section is one without being told to be. */
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
   * Adds what is escaped already in lines of the source, which roff fills anew. A sentence begins a
   * line: where one ends within a line, roff would put less room behind it.
   */
  private void wrap(String escaped) {
    StringBuilder line = new StringBuilder();
    for (String word : escaped.stripTrailing().split(" ", -1)) {
      if (!line.isEmpty()
          && (line.length() + 1 + word.length() > LONGEST_LINE
              || line.charAt(line.length() - 1) == '.')) {
        // What reads only the names and purposes of pages loses a space before an escape.
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

  /** A text of one line that stands for itself, also at the beginning of a line. */
  static String escape(String line) {
    return guard(escaped(line));
  }

  /** A line that begins with a point or a quotation mark would be a macro. */
  private static String guard(String line) {
    return line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line;
  }

  /**
   * Characters that stand for themselves. Unescaped, roff makes typographic ones of some: those
   * could not be copied to a shell, nor be found by a search. A hyphen-minus is also not a place to
   * break a line at, as in help.
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
    // It does not end a sentence, behind which there would be more room.
    return escaped.toString().replace("...", "...\\&");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
