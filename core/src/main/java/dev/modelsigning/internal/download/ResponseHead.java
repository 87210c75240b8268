package dev.modelsigning.internal.download;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of a response in the one form that is understood here: HTTP/1.1 with a body of the
 * length that one header says. Everything else, also what HTTP permits, is for another client.
 *
 * @param status the status, from 200 on
 * @param headers the values by name in lower case
 * @param length the length of the body, in bytes
 */
record ResponseHead(int status, Map<String, List<String>> headers, long length) {

  private static final Pattern STATUS =
      Pattern.compile("HTTP/1\\.1 ([2-5][0-9]{2})(?: [\\t -~\\x80-\\xff]*+)?");

  private static final Pattern HEADER =
      Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]++):[ \\t]*+([\\t -~\\x80-\\xff]*+)");

  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  private static final String END_OF_LINE = "\r\n";

  /** Statuses without a body, whatever their headers say. */
  private static final List<Integer> EMPTY = List.of(204, 205, 304);

  /**
   * Finds the end of a head.
   *
   * @param from where to look; what is before was looked at
   * @return the offset after the empty line, or -1 if that has not arrived
   */
  static int end(byte[] bytes, int from, int to) {
    for (int i = Math.max(from - 3, 0); i + 4 <= to; i++) {
      if (bytes[i] == '\r'
          && bytes[i + 1] == '\n'
          && bytes[i + 2] == '\r'
          && bytes[i + 3] == '\n') {
        return i + 4;
      }
    }
    return -1;
  }

  /**
   * Parses a head.
   *
   * @param length the offset after the empty line at its end
   * @return empty if it has another form
   */
  static Optional<ResponseHead> of(byte[] bytes, int length) {
    String text = new String(bytes, 0, length - 4, StandardCharsets.ISO_8859_1);
    String[] lines = text.split(END_OF_LINE, -1);
    Matcher status = STATUS.matcher(lines[0]);
    if (!status.matches()) {
      return Optional.empty();
    }
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 1; i < lines.length; i++) {
      Matcher header = HEADER.matcher(lines[i]);
      if (!header.matches()) {
        return Optional.empty();
      }
      headers
          .computeIfAbsent(header.group(1), name -> new ArrayList<>())
          .add(header.group(2).strip());
    }
    int number = Integer.parseInt(status.group(1));
    List<String> lengths = headers.getOrDefault("Content-Length", List.of());
    if (lengths.size() != 1
        || !LENGTH.matcher(lengths.get(0)).matches()
        || headers.containsKey("Transfer-Encoding")
        || EMPTY.contains(number)) {
      return Optional.empty();
    }
    return Optional.of(new ResponseHead(number, headers, Long.parseLong(lengths.get(0))));
  }
}
