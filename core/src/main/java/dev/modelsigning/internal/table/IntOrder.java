package dev.modelsigning.internal.table;

/** Sorts row numbers without creating objects for them. */
public final class IntOrder {

  private static final int RUN = 8;

  private IntOrder() {}

  /** Compares two rows. */
  @FunctionalInterface
  public interface Comparison {
    /**
     * Returns a negative number if the first row comes first, a positive one if the other row does.
     */
    int compare(int row, int other);
  }

  /** The rows from 0 on, sorted stably. */
  public static int[] sorted(int count, Comparison comparison) {
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = i;
    }
    for (int from = 0; from < count; from += RUN) {
      insert(rows, from, Math.min(count, from + RUN), comparison);
    }
    int[] merged = count > RUN ? new int[count] : rows;
    for (long width = RUN; width < count; width *= 2) {
      for (long from = 0; from < count; from += 2 * width) {
        int middle = (int) Math.min(count, from + width);
        int to = (int) Math.min(count, from + 2 * width);
        merge(rows, (int) from, middle, to, merged, comparison);
      }
      int[] next = rows;
      rows = merged;
      merged = next;
    }
    return rows;
  }

  private static void insert(int[] rows, int from, int to, Comparison comparison) {
    for (int i = from + 1; i < to; i++) {
      int row = rows[i];
      int j = i;
      while (j > from && comparison.compare(rows[j - 1], row) > 0) {
        rows[j] = rows[j - 1];
        j--;
      }
      rows[j] = row;
    }
  }

  private static void merge(
      int[] rows, int from, int middle, int to, int[] merged, Comparison comparison) {
    // Usually whole directories follow one another.
    if (middle == to || comparison.compare(rows[middle - 1], rows[middle]) <= 0) {
      System.arraycopy(rows, from, merged, from, to - from);
      return;
    }
    int left = from;
    int right = middle;
    for (int i = from; i < to; i++) {
      boolean takeLeft =
          right == to || (left < middle && comparison.compare(rows[left], rows[right]) <= 0);
      merged[i] = takeLeft ? rows[left++] : rows[right++];
    }
  }
}
