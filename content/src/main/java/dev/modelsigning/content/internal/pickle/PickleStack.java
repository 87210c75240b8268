package dev.modelsigning.content.internal.pickle;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a loader's stack and memo would hold, as far as it is text: all else is null. Both are
 * bounded, and text that was lost is null, too.
 */
final class PickleStack {

  /** How many values are known, from the top. */
  static final int MAX_DEPTH = 4096;

  /** How many entries of the memo are known. */
  static final int MAX_MEMO = 1 << 18;

  /** How many characters they have together. */
  static final int MAX_MEMO_TEXT = 8 << 20;

  private static final Object UNKNOWN = new Object();

  // The value at depth d is at d % MAX_DEPTH, for those from the floor on. Both grow up to that.
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

  /** Forgets all. */
  void clear() {
    clearValues();
    memo = new @Nullable Object[16];
    memoSize = 0;
    memoText = 0;
    isMemoLost = false;
  }

  /** Forgets all but the memo. */
  void clearValues() {
    depth = 0;
    floor = 0;
    markDepth = 0;
    markFloor = 0;
  }

  /** How many values there are. */
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
   * A value.
   *
   * @param below how many are above it
   */
  @Nullable String peek(int below) {
    return depth - below > floor ? values[(int) ((depth - 1 - below) % MAX_DEPTH)] : null;
  }

  /**
   * Removes values.
   *
   * @return whether there were as many
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

  /** Removes the mark if it is what is on top. */
  boolean removeMark() {
    if (markDepth > markFloor && marks[(int) ((markDepth - 1) % MAX_DEPTH)] == depth) {
      markDepth--;
      return true;
    }
    return false;
  }

  /**
   * Removes all down to the last mark, and that.
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
      // Where it was is not known any more, so nothing that is left is.
      markFloor = markDepth;
      floor = depth;
    }
    return true;
  }

  private void shrink(long to) {
    depth = to;
    floor = Math.min(floor, depth);
  }

  /** Keeps what is on top, as the next entry of the memo. */
  void memoize() {
    keep(memoSize);
  }

  /**
   * Keeps what is on top.
   *
   * @param index the entry; -1 if it is not known which
   */
  void put(long index) {
    if (index < 0 || index >= MAX_MEMO || index > 4 * memoSize + 1024) {
      // Writers count up. Of a higher one it is not known whether it is there already, and so not
      // which is the next; and memory is to be taken for entries only that there are.
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

  /** Puts an entry of the memo on top. */
  void get(long index) {
    boolean isKnown = !isMemoLost && index >= 0 && index < memo.length;
    push(isKnown && memo[(int) index] instanceof String text ? text : null);
  }
}
