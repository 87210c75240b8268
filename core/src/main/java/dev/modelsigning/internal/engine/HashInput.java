package dev.modelsigning.internal.engine;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/**
 * A file to be hashed, from any source, as it was when it was found. It is read in parts, by
 * several threads concurrently. Implementations check in {@link #open} and {@link
 * #requireUnchanged} that it has not changed, so that a concurrent change is an error and not a
 * wrong digest.
 */
public interface HashInput {

  /** The range size for exactly one digest of the whole file, even if it is empty. */
  long WHOLE = Long.MAX_VALUE;

  /** Its name in messages. */
  String shown();

  /** Its length in bytes when it was found. */
  long size();

  /** The length in bytes of the ranges that have a digest each, or {@link #WHOLE}. */
  long rangeSize();

  /** Whether reading a part of it costs little more than the size of that part. */
  boolean cheapRanges();

  /**
   * Opens a part of it.
   *
   * @param from the first byte
   * @param to the byte after the last one; the channel may go beyond it, and if this is the size,
   *     it goes to the current end of the file
   * @throws IOException if it cannot be opened, or was replaced
   */
  ReadableByteChannel open(long from, long to) throws IOException;

  /**
   * Checks that the file is unchanged; called after each part was read.
   *
   * @throws IOException if it was replaced or written to
   */
  void requireUnchanged() throws IOException;

  /**
   * The problem with the file, if opening it takes suspiciously long; null if there is none. Called
   * by a different thread than the one that opens it.
   */
  @Nullable FileSystemException problem();

  /** The number of its digests. */
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
