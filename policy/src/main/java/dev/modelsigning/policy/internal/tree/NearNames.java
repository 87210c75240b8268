package dev.modelsigning.policy.internal.tree;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Names that are similar to one that there is not. */
public final class NearNames {

  /** Longer names are not compared, whose comparison would take long. */
  private static final int MAX_LENGTH = 200;

  private static final int MAX_NAMES = 3;

  private NearNames() {}

  /** The end of a message that suggests similar names; empty if there are none. */
  public static String hint(String found, Collection<String> names) {
    return hint(near(found, names));
  }

  /** The end of a message that suggests these names; empty if there are none. */
  static String hint(List<String> near) {
    return near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
  }

  /** At most three similar names, the most similar first. */
  static List<String> near(String found, Collection<String> names) {
    if (found.length() > MAX_LENGTH) {
      return List.of();
    }
    String plain = plain(found);
    int most = Math.max(1, plain.length() / 3);
    return names.stream()
        .filter(name -> Math.abs(name.length() - found.length()) <= MAX_LENGTH)
        .map(name -> new Near(name, distance(plain, plain(name))))
        .filter(near -> near.distance <= most)
        .sorted(Comparator.comparingInt(Near::distance))
        .limit(MAX_NAMES)
        .map(Near::name)
        .toList();
  }

  private record Near(String name, int distance) {}

  /** Differences that are not typing errors: case, hyphens, the plural. */
  private static String plain(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
    return plain.endsWith("s") ? plain.substring(0, plain.length() - 1) : plain;
  }

  /**
   * How many characters have to be changed, inserted, left out, or exchanged with the next
   * (Damerau-Levenshtein, without changes within an exchange).
   */
  private static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, 1 + Math.min(last[j], row[j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return last[b.length()];
  }
}
