package dev.modelsigning.internal.tar;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The records of an extended header (POSIX.1-2017 pax, "pax Extended Header"). */
final class PaxRecords {

  private static final String SPARSE = "GNU.sparse.";
  private static final String CHARSET = "hdrcharset";
  private static final String UTF8 = "ISO-IR 10646 2000 UTF-8";

  private final Map<String, String> records = new HashMap<>();

  private PaxRecords() {}

  /**
   * Reads records, each {@code LENGTH KEY=VALUE\n}.
   *
   * @throws MalformedTarException if they are malformed, one occurs twice, or one says that the
   *     content has another form
   */
  static PaxRecords read(byte[] content) throws MalformedTarException {
    PaxRecords result = new PaxRecords();
    int at = 0;
    while (at < content.length) {
      at = result.readOne(content, at);
    }
    return result;
  }

  private int readOne(byte[] content, int from) throws MalformedTarException {
    int at = from;
    int length = 0;
    while (at < content.length && content[at] >= '0' && content[at] <= '9') {
      length = length * 10 + (content[at] - '0');
      if (length > content.length) {
        throw malformed();
      }
      at++;
    }
    int end = from + length;
    if (at == from || end <= at || end > content.length || content[at] != ' ') {
      throw malformed();
    }
    at++;
    int equals = at;
    while (equals < end && content[equals] != '=') {
      equals++;
    }
    if (equals == at || equals >= end || content[end - 1] != '\n') {
      throw malformed();
    }
    String key = new String(content, at, equals - at, StandardCharsets.ISO_8859_1);
    if (key.startsWith(SPARSE)) {
      throw new MalformedTarException("has a sparse file, which programs unpack differently");
    }
    if (isUsed(key)) {
      String value = TarHeader.decode(content, equals + 1, end - 1 - (equals + 1));
      if (records.put(key, value) != null) {
        throw new MalformedTarException("has " + key + " twice in an extended header");
      }
      if (value.indexOf('\0') >= 0) {
        throw new MalformedTarException("has a NUL character in an extended header");
      }
      if (key.equals(CHARSET) && !value.equals(UTF8)) {
        throw new MalformedTarException("has names in another character set than UTF-8");
      }
    }
    return end;
  }

  /** Other records say nothing about which bytes a file has, and where it is. */
  private static boolean isUsed(String key) {
    return key.equals("path") || key.equals("size") || key.equals(CHARSET);
  }

  private static MalformedTarException malformed() {
    return new MalformedTarException("has an extended header that is malformed");
  }

  boolean isEmpty() {
    return records.isEmpty();
  }

  Optional<String> path() {
    return Optional.ofNullable(records.get("path"));
  }

  /** The length of the content in bytes. */
  Optional<Long> size() throws MalformedTarException {
    String text = records.get("size");
    if (text == null) {
      return Optional.empty();
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw new MalformedTarException("expected a number as size in an extended header");
    }
    return Optional.of(Long.parseLong(text));
  }
}
