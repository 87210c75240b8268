package dev.modelsigning.split;

import dev.modelsigning.internal.json.Printable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which part a file belongs to: one at most, as the prefixes are disjoint. */
final class Prefixes {

  /** No part. */
  static final int NONE = -1;

  private final Map<String, Integer> below = new HashMap<>();
  private final Map<String, Integer> own = new HashMap<>();

  /**
   * Creates it.
   *
   * @param parts the prefixes of each part
   * @throws IllegalArgumentException if a file could belong to two
   */
  Prefixes(List<List<Prefix>> parts) {
    for (int part = 0; part < parts.size(); part++) {
      for (Prefix prefix : parts.get(part)) {
        Map<String, Integer> map = prefix.below() ? below : own;
        if (map.put(prefix.directory(), part) != null) {
          throw twice(prefix);
        }
      }
    }
    for (List<Prefix> part : parts) {
      for (Prefix prefix : part) {
        requireDisjoint(prefix);
      }
    }
  }

  private void requireDisjoint(Prefix prefix) {
    if (!prefix.below() && below.containsKey(prefix.directory())) {
      throw twice(prefix);
    }
    for (String above = prefix.directory(); !above.isEmpty(); ) {
      above = Prefix.parent(above);
      if (below.containsKey(above)) {
        throw twice(prefix);
      }
    }
  }

  private static IllegalArgumentException twice(Prefix prefix) {
    return new IllegalArgumentException(
        "the files of " + Printable.quote(prefix.toString()) + " belong to two prefixes");
  }

  /** The part that a file of the model belongs to, or {@link #NONE}. */
  int of(String name) {
    String directory = Prefix.above(name);
    Integer part = own.get(directory);
    while (part == null) {
      part = below.get(directory);
      if (part == null) {
        if (directory.isEmpty()) {
          return NONE;
        }
        directory = Prefix.parent(directory);
      }
    }
    return part;
  }
}
