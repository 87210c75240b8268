package dev.modelsigning.content.internal.pickle;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The stack and memo of a loader, limited to text: all other values are null. Both have a size
 * limit, and text beyond it is null too.
 */
final class PickleStack {

  /** The number of values that are kept, from the top. */
  static final int MAX_DEPTH = 4096;

  /** The number of memo entries that are kept. */
  static final int MAX_MEMO = 1 << 18;

  /** The total number of characters of the memo. */
  static final int MAX_MEMO_TEXT = 8 << 20;

  private static final Object UNKNOWN = new Object();

  // The value at depth d is at d % MAX_DEPTH, for those from the floor on. Both arrays grow up to
  // that.
  private @Nullable String[] values = new @Nullable String[16];
  private long depth;
  private long floor;

  private long[] marks = new long[16];
  private long markDepth;
  private long markFloor;

  // Text, UNKNOWN, or null if there is no entry.
  private @Nullable Object[] memo = new @Nullable Object[16];
  private long memoSize;
  private int memoText;
  private boolean isMemoLost;

  /** Clears stack and memo. */
  void clear() {
    clearValues();
    memo = new @Nullable Object[16];
    memoSize = 0;
    memoText = 0;
    isMemoLost = false;
  }

  /** Clears the stack. */
  void clearValues() {
    depth = 0;
    floor = 0;
    markDepth = 0;
    markFloor = 0;
  }

  /** The number of values. */
  long depth() {
    return depth;
  }

  void push(@Nullable String value) {
    int at = (int) (depth % MAX_DEPTH);
    if (at >= values.length) {
      values = Arrays.copyOf(values, 2 * values.length);
    }
    values[at] = value;
    depth++;
    floor = Math.max(floor, depth - MAX_DEPTH);
  }

  /**
   * Returns a value.
   *
   * @param below the number of values above it
   */
  @Nullable String peek(int below) {
    return depth - below > floor ? values[(int) ((depth - 1 - below) % MAX_DEPTH)] : null;
  }

  /**
   * Removes values.
   *
   * @return whether there were enough
   */
  boolean remove(int number) {
    boolean isEnough = depth >= number;
    shrink(Math.max(0, depth - number));
    return isEnough;
  }

  void mark() {
    int at = (int) (markDepth % MAX_DEPTH);
    if (at >= marks.length) {
      marks = Arrays.copyOf(marks, 2 * marks.length);
    }
    marks[at] = depth;
    markDepth++;
    markFloor = Math.max(markFloor, markDepth - MAX_DEPTH);
  }

  /** Removes the mark if it is on top. */
  boolean removeMark() {
    if (markDepth > markFloor && marks[(int) ((markDepth - 1) % MAX_DEPTH)] == depth) {
      markDepth--;
      return true;
    }
    return false;
  }

  /**
   * Removes all values down to the last mark, and the mark.
   *
   * @return whether there was one
   */
  boolean removeToMark() {
    if (markDepth == 0) {
      return false;
    }
    markDepth--;
    if (markDepth >= markFloor) {
      shrink(Math.min(depth, marks[(int) (markDepth % MAX_DEPTH)]));
    } else {
      // The position of the mark is unknown, so the remaining values are too.
      markFloor = markDepth;
      floor = depth;
    }
    return true;
  }

  private void shrink(long to) {
    depth = to;
    floor = Math.min(floor, depth);
  }

  /** Stores the top of the stack as the next memo entry. */
  void memoize() {
    keep(memoSize);
  }

  /**
   * Stores the top of the stack in the memo.
   *
   * @param index the index of the entry; -1 if unknown
   */
  void put(long index) {
    if (index < 0 || index >= MAX_MEMO || index > 4 * memoSize + 1024) {
      // Writers use ascending indexes. For a higher one it is unknown whether it exists already,
      // and so which index is next; memory must be allocated only for existing entries.
      isMemoLost = true;
    } else {
      keep(index);
    }
  }

  private void keep(long index) {
    if (index >= MAX_MEMO) {
      memoSize++;
      return;
    }
    int at = (int) index;
    if (at >= memo.length) {
      memo = Arrays.copyOf(memo, Math.max(at + 1, Math.min(MAX_MEMO, memo.length * 2)));
    }
    if (memo[at] == null) {
      memoSize++;
    }
    String value = peek(0);
    if (value != null && memoText + value.length() <= MAX_MEMO_TEXT) {
      memoText += value.length();
      memo[at] = value;
    } else {
      memo[at] = UNKNOWN;
    }
  }

  /** Pushes a memo entry on the stack. */
  void get(long index) {
    boolean isKnown = !isMemoLost && index >= 0 && index < memo.length;
    push(isKnown && memo[(int) index] instanceof String text ? text : null);
  }
}
