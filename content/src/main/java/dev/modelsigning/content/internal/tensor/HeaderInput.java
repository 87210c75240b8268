package dev.modelsigning.content.internal.tensor;

import dev.modelsigning.facts.FileParts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads numbers and strings sequentially from the beginning of a file, within the file and a limit.
 */
final class HeaderInput {

  private static final int WINDOW = 64 * 1024;

  private final FileParts file;
  private final long most;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);

  /** The offset in the file after the window. */
  private long next;

  /**
   * Creates an input from the start of a file.
   *
   * @param most the largest number of bytes that are read or skipped
   */
  HeaderInput(FileParts file, long most) {
    this.file = file;
    this.most = most;
    littleEndian();
  }

  void littleEndian() {
    window.order(ByteOrder.LITTLE_ENDIAN);
  }

  void bigEndian() {
    window.order(ByteOrder.BIG_ENDIAN);
  }

  /** The offset of the next byte. */
  long at() {
    return next - window.remaining();
  }

  /** The number of remaining bytes of the file. */
  long left() {
    return file.size() - at();
  }

  int uint16() throws IOException, UnreadTensorsException {
    need(Short.BYTES);
    return Short.toUnsignedInt(window.getShort());
  }

  int int32() throws IOException, UnreadTensorsException {
    need(Integer.BYTES);
    return window.getInt();
  }

  long int64() throws IOException, UnreadTensorsException {
    need(Long.BYTES);
    return window.getLong();
  }

  /** Reads the next few bytes. */
  byte[] bytes(int number) throws IOException, UnreadTensorsException {
    requireLeft(number);
    byte[] bytes = new byte[number];
    int from = 0;
    while (from < number) {
      need(1);
      int some = Math.min(number - from, window.remaining());
      window.get(bytes, from, some);
      from += some;
    }
    return bytes;
  }

  /** Skips bytes without reading them. */
  void skip(long number) throws UnreadTensorsException {
    requireLeft(number);
    if (number <= window.remaining()) {
      window.position(window.position() + (int) number);
    } else {
      next += number - window.remaining();
      window.limit(0);
    }
  }

  private void requireLeft(long number) throws UnreadTensorsException {
    if (number < 0 || number > left()) {
      throw UnreadTensorsException.malformed(
          "the header goes on beyond the file: expected "
              + Long.toUnsignedString(number)
              + " bytes at byte "
              + at()
              + ", found "
              + left());
    }
    if (number > most - at()) {
      throw UnreadTensorsException.beyond(
          "expected a header of at most " + most + " bytes, found more");
    }
  }

  private void need(int number) throws IOException, UnreadTensorsException {
    requireLeft(number);
    if (window.remaining() >= number) {
      return;
    }
    window.compact();
    int some = (int) Math.min(window.remaining(), file.size() - next);
    window.limit(window.position() + some);
    file.read(window, next);
    next += some;
    window.flip();
  }
}
