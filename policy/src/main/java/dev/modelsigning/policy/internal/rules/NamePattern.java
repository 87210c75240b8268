package dev.modelsigning.policy.internal.rules;

import dev.modelsigning.internal.text.CanonicalPath;
import java.util.ArrayList;
import java.util.List;

/**
 * A pattern for names of models: {@code *} stands for any characters but a slash, {@code ?} for one
 * of these, {@code **} as a whole segment for any number of segments. Everything else stands for
 * itself. {@code dir/**} matches everything below {@code dir}, and not {@code dir}.
 *
 * @param text the pattern, relative, without empty segments, {@code .} and {@code ..}
 */
public record NamePattern(String text) {

  /** The largest number of characters of a pattern. */
  static final int MAX_LENGTH = 1_000;

  private static final String ANY_SEGMENTS = "**";

  /**
   * Checks the pattern.
   *
   * @throws IllegalArgumentException if it can match no name, or is ambiguous; the message
   *     continues one that names the pattern
   */
  public NamePattern {
    String problem = CanonicalPath.problem(text);
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("has more than " + MAX_LENGTH + " characters");
    }
    if (text.indexOf('\\') >= 0) {
      throw new IllegalArgumentException("has a backslash");
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("has a control character");
    }
    for (String segment : segments(text)) {
      if (segment.contains(ANY_SEGMENTS) && !segment.equals(ANY_SEGMENTS)) {
        throw new IllegalArgumentException("has '**' that is not a whole segment");
      }
    }
  }

  /**
   * Whether a name matches. It takes time in proportion to the product of both lengths at most: a
   * segment of the pattern is compared with a segment of the name once. Names that are not
   * canonical, such as absolute ones, match no pattern.
   */
  public boolean matches(String name) {
    if (CanonicalPath.problem(name) != null) {
      return false;
    }
    List<String> pattern = new ArrayList<>(segments(text));
    // At the end it stands for at least one segment.
    if (pattern.get(pattern.size() - 1).equals(ANY_SEGMENTS)) {
      pattern.add(pattern.size() - 1, "*");
    }
    List<String> names = segments(name);
    int at = 0;
    int in = 0;
    int retryAt = -1;
    int retryIn = -1;
    while (in < names.size()) {
      if (at < pattern.size() && pattern.get(at).equals(ANY_SEGMENTS)) {
        // Only the last of these has to be tried again, so that nothing grows exponentially.
        at++;
        retryAt = at;
        retryIn = in;
      } else if (at < pattern.size() && matchesSegment(pattern.get(at), names.get(in))) {
        at++;
        in++;
      } else if (retryAt >= 0) {
        retryIn++;
        at = retryAt;
        in = retryIn;
      } else {
        return false;
      }
    }
    while (at < pattern.size() && pattern.get(at).equals(ANY_SEGMENTS)) {
      at++;
    }
    return at == pattern.size();
  }

  private static boolean matchesSegment(String pattern, String name) {
    int[] expected = pattern.codePoints().toArray();
    int[] found = name.codePoints().toArray();
    int at = 0;
    int in = 0;
    int retryAt = -1;
    int retryIn = -1;
    while (in < found.length) {
      if (at < expected.length && expected[at] == '*') {
        at++;
        retryAt = at;
        retryIn = in;
      } else if (at < expected.length && (expected[at] == '?' || expected[at] == found[in])) {
        at++;
        in++;
      } else if (retryAt >= 0) {
        retryIn++;
        at = retryAt;
        in = retryIn;
      } else {
        return false;
      }
    }
    while (at < expected.length && expected[at] == '*') {
      at++;
    }
    return at == expected.length;
  }

  /**
   * Whether every name that the other pattern matches is matched by this one, as far as is seen.
   */
  public boolean covers(NamePattern other) {
    if (text.equals(other.text) || text.equals(ANY_SEGMENTS)) {
      return true;
    }
    if (!other.hasWildcards()) {
      return matches(other.text);
    }
    return text.endsWith("/" + ANY_SEGMENTS)
        && other.text.startsWith(text.substring(0, text.length() - ANY_SEGMENTS.length()));
  }

  /** Whether it matches more than one name. */
  public boolean hasWildcards() {
    return text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
  }

  private static List<String> segments(String name) {
    return List.of(name.split("/", -1));
  }
}
