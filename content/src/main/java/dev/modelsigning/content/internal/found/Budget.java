package dev.modelsigning.content.internal.found;

/** How much may still be read of a file, whatever is nested in it. */
public final class Budget {

  /** How many bytes are read of the entries of a file, inflated. */
  public static final long MAX_BYTES = 256L << 20;

  /** How many entries of zip files are looked at. */
  public static final int MAX_ENTRIES = 65_536;

  /** How deep zip files are read that are in zip files. */
  public static final int MAX_DEPTH = 3;

  /** How many bytes of gaps between entries are searched for hidden ones. */
  static final long MAX_GAPS = 64L << 20;

  /** What an entry costs besides what is read of it. */
  private static final int ENTRY = 1024;

  private long left = MAX_BYTES;
  private long gaps = MAX_GAPS;
  private long entries = MAX_ENTRIES;

  Budget() {}

  /** Whether one more entry may be looked at. */
  public boolean takeEntry() {
    entries--;
    return entries >= 0 && take(ENTRY);
  }

  /** Whether as many bytes may still be read; then they count as read. */
  public boolean take(long bytes) {
    if (bytes > left) {
      left = 0;
      return false;
    }
    left -= bytes;
    return true;
  }

  /** How many bytes of a gap may still be searched; they count as searched. */
  public long takeGap(long bytes) {
    long some = Math.min(bytes, gaps);
    gaps -= some;
    return some;
  }
}
