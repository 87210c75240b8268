package dev.modelsigning.content.internal.archive;

/** How much may still be read of a file, whatever is nested in it. */
final class Budget {

  /** How many bytes are read of the entries of a file, inflated. */
  static final long MAX_BYTES = 256L << 20;

  /** How deep zip files are read that are in zip files. */
  static final int MAX_DEPTH = 3;

  /** How many bytes of gaps between entries are searched for hidden ones. */
  static final long MAX_GAPS = 64L << 20;

  /** What an entry costs besides what is read of it. */
  private static final int ENTRY = 1024;

  private long left = MAX_BYTES;
  private long gaps = MAX_GAPS;
  private long entries = ZipDirectory.MAX_ENTRIES;

  /** Whether one more entry may be looked at. */
  boolean takeEntry() {
    entries--;
    return entries >= 0 && take(ENTRY);
  }

  /** Whether as many bytes may still be read; then they count as read. */
  boolean take(long bytes) {
    if (bytes > left) {
      left = 0;
      return false;
    }
    left -= bytes;
    return true;
  }

  /** How many bytes of a gap may still be searched; they count as searched. */
  long takeGap(long bytes) {
    long some = Math.min(bytes, gaps);
    gaps -= some;
    return some;
  }
}
