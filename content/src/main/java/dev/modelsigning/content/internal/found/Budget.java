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

  /** How many bytes of configurations are read, of all that are in a file. */
  public static final long MAX_CONFIGURATIONS = 64L << 20;

  /** How many opcodes of pickles are read, of all that are in a file, which takes a second. */
  public static final long MAX_OPCODES = 100_000_000;

  /** How many imports of pickles are looked at; writers write each once a pickle. */
  public static final int MAX_IMPORTS = 1_000_000;

  /** What an entry costs besides what is read of it. */
  private static final int ENTRY = 1024;

  private long left = MAX_BYTES;
  private long gaps = MAX_GAPS;
  private long entries = MAX_ENTRIES;
  private long configurations = MAX_CONFIGURATIONS;
  private long opcodes = MAX_OPCODES;
  private long imports = MAX_IMPORTS;

  Budget() {}

  /** Whether one more entry may be looked at. */
  public boolean takeEntry() {
    entries--;
    return entries >= 0 && take(ENTRY);
  }

  /** Whether as many bytes of configurations may still be read; then they count as read. */
  public boolean takeConfiguration(long bytes) {
    configurations -= Math.min(bytes, configurations + 1);
    return configurations >= 0;
  }

  /** Whether one more opcode may be read. */
  public boolean takeOpcode() {
    return --opcodes >= 0;
  }

  /** Whether one more import may be looked at. */
  public boolean takeImport() {
    return --imports >= 0;
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
