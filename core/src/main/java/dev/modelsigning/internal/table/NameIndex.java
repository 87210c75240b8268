package dev.modelsigning.internal.table;

import org.jspecify.annotations.Nullable;

/** A hash index of the names in a table, which must all be different. */
public final class NameIndex {

  /**
   * The largest number of rows that are compared for one name. Legitimate names need a few dozen at
   * most.
   */
  private static final int MAX_PROBES = 256;

  private final NameTable names;

  /** Rows plus 1 by hash code, with open addressing; null if too many names collide. */
  private final int @Nullable [] slots;

  private final int duplicate;
  private int @Nullable [] order;

  public NameIndex(NameTable names) {
    this.names = names;
    int size = Integer.highestOneBit(Math.max(8, names.count())) * 4;
    int[] filled = new int[size];
    int found = fill(filled);
    if (found == COLLISIONS) {
      // The signer chose the names, and could make each one be compared with all others.
      this.slots = null;
      this.order = names.order();
      this.duplicate = firstDuplicate(order);
    } else {
      this.slots = filled;
      this.duplicate = found;
    }
  }

  private static final int NONE = -1;
  private static final int COLLISIONS = -2;

  private int fill(int[] filled) {
    int mask = filled.length - 1;
    for (int row = 0; row < names.count(); row++) {
      int slot = names.hash(row) & mask;
      int probes = 0;
      while (filled[slot] != 0) {
        if (names.length(filled[slot] - 1) == names.length(row)
            && names.compare(filled[slot] - 1, row) == 0) {
          return row;
        }
        probes++;
        if (probes > MAX_PROBES) {
          return COLLISIONS;
        }
        slot = (slot + 1) & mask;
      }
      filled[slot] = row + 1;
    }
    return NONE;
  }

  private int firstDuplicate(int[] sorted) {
    int first = NONE;
    for (int i = 1; i < sorted.length; i++) {
      if (names.compare(sorted[i - 1], sorted[i]) == 0) {
        int second = Math.max(sorted[i - 1], sorted[i]);
        first = first == NONE ? second : Math.min(first, second);
      }
    }
    return first;
  }

  /** The first row with the same name as an earlier one, or -1. */
  public int duplicate() {
    return duplicate;
  }

  /**
   * Finds a name.
   *
   * @param name the bytes of the name
   * @return its row, or -1
   */
  public int find(byte[] name) {
    if (slots == null) {
      int at = lowerBound(name);
      int row = at < sorted().length ? sorted()[at] : NONE;
      return row != NONE && names.equals(row, name, name.length) ? row : NONE;
    }
    int mask = slots.length - 1;
    int slot = NameTable.hash(name, 0, name.length) & mask;
    // No row is further from its slot, whatever run of full slots a signer produced.
    for (int probes = 0; slots[slot] != 0 && probes <= MAX_PROBES; probes++) {
      if (names.equals(slots[slot] - 1, name, name.length)) {
        return slots[slot] - 1;
      }
      slot = (slot + 1) & mask;
    }
    return NONE;
  }

  /** Whether any name begins with these bytes. */
  public boolean hasNameWithPrefix(byte[] prefix) {
    int at = lowerBound(prefix);
    return at < sorted().length && names.startsWith(sorted()[at], prefix);
  }

  private int lowerBound(byte[] name) {
    int[] sorted = sorted();
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (names.compare(sorted[middle], name, 0, name.length) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private synchronized int[] sorted() {
    if (order == null) {
      order = names.order();
    }
    return order;
  }
}
