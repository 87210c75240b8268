package dev.modelsigning.cli.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares what a page shows with what a command printed. Both are the same but for what differs
 * from run to run: times, ports, numbers of log entries, the size of a signature, and long
 * hexadecimal numbers. What is the same number twice on the page has to be the same number twice in
 * the run, so that a digest or a serial number cannot be confused with another one.
 */
public final class ShownOutput {

  private static final String HEX = "\\b[0-9a-fA-F]{16,}\\b";

  private static final Pattern ELISION = Pattern.compile("(?m)^ *\\.\\.\\.\\n");

  private static final List<String> VOLATILE =
      List.of(
          "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z",
          "localhost:\\d+",
          "127\\.0\\.0\\.1:\\d+",
          "log index +\\d+",
          "logIndex=\\d+",
          "log entries +\\d+",
          "log entry \\d+",
          "\"(?:base64|size)\": (?:\\d+|\"[A-Za-z0-9+/=]+\")",
          "\\.sig \\([0-9,]+ bytes\\)",
          "signatures +1, \\d+ bytes",
          "[0-9a-f]{12}\\.\\.\\.");

  private static final Pattern TOKEN =
      Pattern.compile("(" + HEX + ")|" + String.join("|", VOLATILE));

  private final Map<String, String> numbers = new HashMap<>();

  /**
   * Fails unless the output is what is shown.
   *
   * @param shown a block of a page, in which a line with three dots stands for any number of lines
   * @param printed the whole output
   */
  public void requireShown(String shown, String printed) {
    if (shown.isEmpty()) {
      assertThat(printed).as("nothing is shown").isEmpty();
    }
    int from = 0;
    List<String> parts = List.of(ELISION.split(shown, -1));
    for (int i = 0; i < parts.size(); i++) {
      List<String> found = new ArrayList<>();
      Pattern pattern = pattern(parts.get(i), found);
      Matcher matcher = pattern.matcher(printed).region(from, printed.length());
      boolean matches = i == 0 ? matcher.lookingAt() : matcher.find();
      assertThat(matches)
          .as("shown is:\n%s\nprinted is:\n%s", parts.get(i), printed.substring(from))
          .isTrue();
      for (int group = 1; group <= matcher.groupCount(); group++) {
        String before = numbers.putIfAbsent(found.get(group - 1), matcher.group(group));
        assertThat(matcher.group(group))
            .as("what the page calls %s", found.get(group - 1))
            .isEqualTo(before == null ? matcher.group(group) : before);
      }
      from = matcher.end();
    }
    String last = parts.get(parts.size() - 1);
    assertThat(from == printed.length() || last.isEmpty())
        .as("more is printed than is shown:\n%s", printed.substring(from))
        .isTrue();
  }

  private static Pattern pattern(String shown, List<String> numbers) {
    StringBuilder pattern = new StringBuilder();
    Matcher token = TOKEN.matcher(shown);
    int end = 0;
    while (token.find()) {
      pattern.append(Pattern.quote(shown.substring(end, token.start())));
      if (token.group(1) == null) {
        pattern.append(VOLATILE.stream().filter(token.group()::matches).findFirst().orElseThrow());
      } else {
        numbers.add(token.group());
        // Serial numbers are longer or shorter by chance, and digests never are.
        int length = token.group().length();
        pattern.append(length < 64 ? "([0-9a-fA-F]+)" : "([0-9a-fA-F]{" + length + "})");
      }
      end = token.end();
    }
    return Pattern.compile(pattern.append(Pattern.quote(shown.substring(end))).toString());
  }
}
