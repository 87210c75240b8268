package dev.modelsigning.internal.text;

import dev.modelsigning.internal.json.Printable;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Names of files in a model (OMS 6.1.2): relative to the model's root, {@code /} between
 * components, none of them empty, {@code .} or {@code ..}; compared byte by byte, never normalised.
 */
public final class CanonicalPath {

  /**
   * The order by Unicode code point (OMS 5.2.1), which equals the order of the UTF-8 bytes. It
   * differs from that of {@link String#compareTo}, which compares UTF-16 code units.
   */
  public static final Comparator<String> CODE_POINT_ORDER = CanonicalPath::compareByCodePoint;

  private CanonicalPath() {}

  /**
   * Compares by name in code point order. {@link Comparator#comparing(Function, Comparator)}
   * creates serializable comparators, whose classes a JVM generates at each start and cannot keep
   * in a CDS archive.
   */
  public static <T> Comparator<T> byName(Function<T, String> name) {
    return (one, other) -> compareByCodePoint(name.apply(one), name.apply(other));
  }

  /**
   * Returns the reason why a name is not canonical.
   *
   * @return the reason, or null if the name is canonical
   */
  public static @Nullable String problem(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    String problem = problem(bytes, bytes.length);
    return problem == null && !StandardCharsets.UTF_8.newEncoder().canEncode(name)
        ? "has half of a surrogate pair"
        : problem;
  }

  /**
   * Returns the reason why a name is not canonical.
   *
   * @param name an array that begins with its bytes, valid UTF-8
   * @param length number of these bytes
   * @return the reason, or null if the name is canonical
   */
  public static @Nullable String problem(byte[] name, int length) {
    if (length == 0) {
      return "is empty";
    }
    if (name[0] == '/') {
      return "is absolute";
    }
    if (name[length - 1] == '/') {
      return "ends with a slash";
    }
    boolean nul = false;
    int start = 0;
    for (int i = 0; i <= length; i++) {
      if (i < length && name[i] != '/') {
        nul |= name[i] == 0;
        continue;
      }
      int component = i - start;
      if (component == 0) {
        return "has an empty component";
      }
      if (name[start] == '.' && component == 1) {
        return "has the component '.'";
      }
      if (name[start] == '.' && component == 2 && name[start + 1] == '.') {
        return "has the component '..'";
      }
      start = i + 1;
    }
    return nul ? "has a NUL character" : null;
  }

  /**
   * Checks a name.
   *
   * @throws IllegalArgumentException if it is not canonical
   */
  public static void require(String name) {
    String problem = problem(name);
    if (problem != null) {
      throw new IllegalArgumentException(notCanonical(name, problem));
    }
  }

  public static String notCanonical(byte[] name, int length, String problem) {
    return notCanonical(new String(name, 0, length, StandardCharsets.UTF_8), problem);
  }

  private static String notCanonical(String name, String problem) {
    return "the name "
        + Printable.quote(name)
        + " is not canonical, it "
        + problem
        + " (OMS 6.1.2)";
  }

  private static int compareByCodePoint(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        return Integer.compare(codePointRank(x), codePointRank(y));
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /** Ranks surrogates, which stand for code points above U+FFFF, after all other characters. */
  private static int codePointRank(char c) {
    return Character.isSurrogate(c) ? c + 0x10000 : c;
  }
}
