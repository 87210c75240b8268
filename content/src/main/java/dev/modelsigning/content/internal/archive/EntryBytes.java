package dev.modelsigning.content.internal.archive;

import dev.modelsigning.content.internal.found.Budget;
import dev.modelsigning.facts.FileParts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** The content of an entry, block by block. */
final class EntryBytes implements AutoCloseable {

  /** This number of bytes of an entry is read in any case: enough to recognize its format. */
  private static final int FIRST = 4096;

  private static final int BLOCK_SIZE = 32 * 1024;

  private final FileParts parts;
  private final Budget budget;
  private final @Nullable Inflater inflater;
  private final byte[] input;
  private final byte[] output;
  private final long end;
  private long at;
  private boolean isStarted;
  private boolean isCut;
  private boolean isFaulty;
  private boolean isOverBudget;

  /**
   * Reads the content at an offset.
   *
   * @param from the offset of its first byte
   * @param length its length in the file, in bytes
   */
  EntryBytes(FileParts parts, long from, long length, boolean isDeflated, Budget budget) {
    this.parts = parts;
    this.budget = budget;
    this.at = from;
    this.isCut = length > parts.size() - from;
    this.end = isCut ? parts.size() : from + length;
    this.input = new byte[(int) Math.max(1, Math.min(BLOCK_SIZE, end - from))];
    this.inflater = isDeflated ? new Inflater(true) : null;
    this.output = isDeflated ? new byte[BLOCK_SIZE] : input;
  }

  /** Whether it is malformed at its end. */
  boolean isBroken() {
    return isCut;
  }

  /** Whether it was not read completely. */
  boolean isOverBudget() {
    return isOverBudget;
  }

  /** The next block; null at the end. */
  @Nullable ByteBuffer next() throws IOException {
    int length = inflater == null ? fill() : inflate(inflater);
    isStarted = true;
    if (length > 0 && !budget.take(length)) {
      isOverBudget = true;
      return null;
    }
    return length == 0 ? null : ByteBuffer.wrap(output, 0, length).asReadOnlyBuffer();
  }

  private int fill() throws IOException {
    int length = (int) Math.min(isStarted ? input.length : Math.min(FIRST, input.length), end - at);
    if (length > 0) {
      parts.read(ByteBuffer.wrap(input, 0, length), at);
      at += length;
    }
    return length;
  }

  private int inflate(Inflater with) throws IOException {
    if (isFaulty) {
      return 0;
    }
    long before = with.getBytesWritten();
    try {
      while (true) {
        int length = with.inflate(output, 0, isStarted ? output.length : FIRST);
        if (length > 0 || with.finished()) {
          return length;
        }
        if (with.needsDictionary()) {
          isCut = true;
          return 0;
        }
        int read = fill();
        if (read == 0) {
          isCut = true;
          return 0;
        }
        if (!budget.take(read / 64)) {
          isOverBudget = true;
          return 0;
        }
        with.setInput(input, 0, read);
      }
    } catch (DataFormatException e) {
      // Reported as a finding, which does not include zlib's message. Content before the error
      // counts.
      isCut = true;
      isFaulty = true;
      return (int) (with.getBytesWritten() - before);
    }
  }

  @Override
  public void close() {
    if (inflater != null) {
      inflater.end();
    }
  }
}
