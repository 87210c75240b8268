package dev.modelsigning.internal.card;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The identifiers of the SPDX License List. They are compared without regard to case (SPDX 3,
 * license expressions), as model hubs write them in lower case.
 */
final class SpdxLicenses {

  private static final Map<String, String> IDS = read();

  private SpdxLicenses() {}

  /** The identifier in the spelling of the list; empty if it is none. */
  static Optional<String> id(String text) {
    return Optional.ofNullable(IDS.get(text.toLowerCase(Locale.ROOT)));
  }

  /**
   * An expression of several identifiers joined by AND and OR, with or without parentheses, in the
   * spelling of the list; empty if it is anything else.
   */
  static Optional<String> expression(String text) {
    List<String> words =
        List.of(text.replace("(", " ( ").replace(")", " ) ").strip().split("\\s+"));
    StringBuilder result = new StringBuilder();
    int depth = 0;
    int operators = 0;
    boolean wantsId = true;
    for (String word : words) {
      if (word.equals("(") && wantsId) {
        depth++;
        result.append('(');
      } else if (word.equals(")") && !wantsId && depth > 0) {
        depth--;
        result.append(')');
      } else if ((word.equals("AND") || word.equals("OR")) && !wantsId) {
        operators++;
        wantsId = true;
        result.append(' ').append(word).append(' ');
      } else if (wantsId && id(word).isPresent()) {
        wantsId = false;
        result.append(id(word).get());
      } else {
        return Optional.empty();
      }
    }
    return wantsId || depth != 0 || operators == 0
        ? Optional.empty()
        : Optional.of(result.toString());
  }

  private static Map<String, String> read() {
    Map<String, String> ids = new HashMap<>();
    try (InputStream resource =
        Objects.requireNonNull(SpdxLicenses.class.getResourceAsStream("spdx-licenses.txt"))) {
      new String(resource.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .forEach(id -> ids.put(id.toLowerCase(Locale.ROOT), id));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.copyOf(ids);
  }
}
