package dev.modelsigning.spark;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The entries that a list had, in eight bytes for each, to compare it with a later one. The order
 * is of no account: not every file system lists in the same one again.
 */
final class Marks {

  private long[] marks = new long[1024];
  private int size;

  void add(long mark) {
    if (size == marks.length) {
      marks = Arrays.copyOf(marks, size * 2);
    }
    marks[size++] = mark;
  }

  /** Compares another list with this one. Nothing is added to this one any more. */
  final class Again {
    private final BitSet seen = new BitSet();

    Again() {
      Arrays.sort(marks, 0, size);
    }

    /** Whether an entry of the other list is in this one, and was not in the other one before. */
    boolean has(long mark) {
      int position = Arrays.binarySearch(marks, 0, size, mark);
      if (position < 0 || seen.get(position)) {
        return false;
      }
      seen.set(position);
      return true;
    }

    /** How many entries of this list the other one does not have. */
    int missing() {
      return size - seen.cardinality();
    }
  }

  Again again() {
    return new Again();
  }
}
