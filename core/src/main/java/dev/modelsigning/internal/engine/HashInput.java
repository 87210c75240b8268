package dev.modelsigning.internal.engine;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/**
 * One file to hash, wherever it is, as it looked when it was found. It is read in parts, by several
 * threads at once. What it is now is compared with what it was by itself, in {@link #open} and
 * {@link #requireUnchanged}, so that a file that changes meanwhile is an error and not a wrong
 * digest.
 */
public interface HashInput {

  /** The range size that gives a file exactly one digest, also when it is empty. */
  long WHOLE = Long.MAX_VALUE;

  /** How it is called in messages. */
  String shown();

  /** Its length in bytes when it was found. */
  long size();

  /** The length in bytes of the ranges that get a digest each, or {@link #WHOLE}. */
  long rangeSize();

  /** Whether reading a part of it costs little more than the part. */
  boolean cheapRanges();

  /**
   * Opens a part of it.
   *
   * @param from the first byte
   * @param to the byte after the last one; what is read may go beyond it, and if this is the size,
   *     then it goes to the end of what is there now
   * @throws IOException if it cannot be opened, or is not what was found
   */
  ReadableByteChannel open(long from, long to) throws IOException;

  /**
   * Compares what was found with what is there now; asked after each part was read.
   *
   * @throws IOException if it is another file, or was written to
   */
  void requireUnchanged() throws IOException;

  /**
   * What is wrong with it, if opening it takes suspiciously long; null if nothing is. Asked by
   * another thread than the one that opens it.
   */
  @Nullable FileSystemException problem();

  /** Number of digests that it gets. */
  default int ranges() {
    if (rangeSize() == WHOLE) {
      return 1;
    }
    return Math.toIntExact((size() + rangeSize() - 1) / rangeSize());
  }

  /** Start of a range, inclusive. */
  default long start(int range) {
    return rangeSize() == WHOLE ? 0 : range * rangeSize();
  }

  /** End of a range, exclusive. */
  default long end(int range) {
    return rangeSize() == WHOLE ? size() : Math.min(size(), start(range) + rangeSize());
  }
}
