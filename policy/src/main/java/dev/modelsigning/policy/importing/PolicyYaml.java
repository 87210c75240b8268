package dev.modelsigning.policy.importing;

import dev.modelsigning.internal.json.Printable;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes a policy as YAML for people. */
final class PolicyYaml {

  /** What is the same text in quotation marks and without, for every parser. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9_./@-]*");

  /** Words that are no texts to parsers of YAML 1.1. */
  private static final Set<String> WORDS =
      Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

  private final StringBuilder out = new StringBuilder();

  /** Writes a comment of one line. */
  PolicyYaml comment(String text) {
    out.append("# ").append(Printable.escape(text)).append('\n');
    return this;
  }

  /** Writes a line as it is. */
  PolicyYaml line(String line) {
    out.append(line).append('\n');
    return this;
  }

  /** A text, in quotation marks where it needs them. */
  static String text(String text) {
    if (PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT))) {
      return text;
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\');
      }
      quoted.append(c);
    }
    return quoted.append('"').toString();
  }

  /** A list of texts on one line, or the text if there is only one. */
  static String texts(List<String> texts) {
    return texts.size() == 1
        ? text(texts.get(0))
        : texts.stream().map(PolicyYaml::text).collect(Collectors.joining(", ", "[", "]"));
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
