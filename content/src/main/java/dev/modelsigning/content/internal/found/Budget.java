package dev.modelsigning.content.internal.found;

/** The remaining limits for reading a file, including everything nested in it. */
public final class Budget {

  /** The largest number of inflated bytes that are read of the entries of a file. */
  public static final long MAX_BYTES = 256L << 20;

  /** The largest number of zip entries that are examined. */
  public static final int MAX_ENTRIES = 65_536;

  /** The largest depth of nested zip files. */
  public static final int MAX_DEPTH = 3;

  /** The largest number of bytes in gaps between entries that are searched for hidden ones. */
  static final long MAX_GAPS = 64L << 20;

  /** The largest number of bytes of configurations in a file that are read. */
  public static final long MAX_CONFIGURATIONS = 64L << 20;

  /** The largest number of pickle opcodes in a file that are read, which takes a second. */
  public static final long MAX_OPCODES = 100_000_000;

  /**
   * The largest number of pickle imports that are examined; writers write each once in a pickle.
   */
  public static final int MAX_IMPORTS = 1_000_000;

  /** The cost of an entry in addition to the bytes that are read of it. */
  private static final int ENTRY = 1024;

  private long left = MAX_BYTES;
  private long gaps = MAX_GAPS;
  private long entries = MAX_ENTRIES;
  private long configurations = MAX_CONFIGURATIONS;
  private long opcodes = MAX_OPCODES;
  private long imports = MAX_IMPORTS;

  Budget() {}

  /** Counts an entry; returns whether it is within the limit. */
  public boolean takeEntry() {
    entries--;
    return entries >= 0 && take(ENTRY);
  }

  /** Counts bytes of configurations; returns whether they are within the limit. */
  public boolean takeConfiguration(long bytes) {
    configurations -= Math.min(bytes, configurations + 1);
    return configurations >= 0;
  }

  /** Counts an opcode; returns whether it is within the limit. */
  public boolean takeOpcode() {
    return --opcodes >= 0;
  }

  /** Counts an import; returns whether it is within the limit. */
  public boolean takeImport() {
    return --imports >= 0;
  }

  /** Counts bytes; returns whether they are within the limit. */
  public boolean take(long bytes) {
    if (bytes > left) {
      left = 0;
      return false;
    }
    left -= bytes;
    return true;
  }

  /** Counts bytes of a gap; returns how many of them may be searched. */
  public long takeGap(long bytes) {
    long some = Math.min(bytes, gaps);
    gaps -= some;
    return some;
  }
}
