package dev.modelsigning.content.internal.pickle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Parses bytes into opcodes with their arguments, in blocks of any size. Text is kept up to {@link
 * #MAX_TEXT} bytes; other long arguments are skipped.
 */
final class PickleStream {

  /** The largest number of bytes of a text that are kept. Usual names are far shorter. */
  static final int MAX_TEXT = 300;

  /** Receives opcodes. */
  interface Handler {
    /**
     * Receives an opcode.
     *
     * @param number the numeric argument, or the length of the text
     * @return whether to continue
     */
    boolean opcode(int opcode, long number);
  }

  private enum State {
    OPCODE,
    NUMBER,
    BYTES,
    TEXT,
    LINE
  }

  private final Handler handler;
  private final byte[] text = new byte[MAX_TEXT];
  private int kept;
  private State state = State.OPCODE;
  private int opcode;
  private int numberBytes;
  private long number;
  private long left;
  private @Nullable String firstLine;
  private @Nullable String fault;
  private long position;

  PickleStream(Handler handler) {
    this.handler = handler;
  }

  /**
   * Reads a block.
   *
   * @return whether to continue
   */
  boolean accept(ByteBuffer block) {
    int before = block.remaining();
    boolean more = true;
    while (more && block.hasRemaining()) {
      more =
          switch (state) {
            case OPCODE -> opcode(block.get() & 0xff);
            case NUMBER -> number(block);
            case BYTES -> bytes(block);
            case TEXT -> text(block);
            case LINE -> line(block);
          };
    }
    position += before - block.remaining();
    return more;
  }

  /** The number of bytes that were read. */
  long position() {
    return position;
  }

  /** The error in the bytes, if {@link #accept} found one. */
  @Nullable String fault() {
    return fault;
  }

  /** Whether the next byte is an opcode. */
  boolean isBetweenOpcodes() {
    return state == State.OPCODE;
  }

  /** The opcode whose argument is being read. */
  int opcode() {
    return opcode;
  }

  /** The last text, which may be truncated. */
  String text() {
    return new String(text, 0, kept, StandardCharsets.UTF_8);
  }

  /** Whether the last text equals these bytes. */
  boolean textIs(byte[] bytes) {
    return kept == bytes.length && Arrays.equals(text, 0, kept, bytes, 0, bytes.length);
  }

  /** The line before the last one, for opcodes with two lines. */
  @Nullable String firstLine() {
    return firstLine;
  }

  private boolean opcode(int next) {
    opcode = next;
    kept = 0;
    number = 0;
    numberBytes = 0;
    firstLine = null;
    switch (Opcode.argument(next)) {
      case Opcode.NOTHING -> {
        return handler.opcode(next, 0);
      }
      case Opcode.NUMBER, Opcode.BYTES, Opcode.TEXT -> state = State.NUMBER;
      case Opcode.LINE, Opcode.TWO_LINES -> state = State.LINE;
      default -> {
        fault = "unknown opcode 0x" + Integer.toHexString(next);
        return false;
      }
    }
    return true;
  }

  private boolean number(ByteBuffer block) {
    int width = Opcode.width(opcode);
    while (numberBytes < width && block.hasRemaining()) {
      number |= (block.get() & 0xffL) << (8 * numberBytes++);
    }
    if (numberBytes < width) {
      return true;
    }
    byte argument = Opcode.argument(opcode);
    if (argument == Opcode.NUMBER) {
      return done();
    }
    if (number < 0 || (Opcode.hasSignedLength(opcode) && number > Integer.MAX_VALUE)) {
      fault = "a length is not one";
      return false;
    }
    left = number;
    state = argument == Opcode.TEXT ? State.TEXT : State.BYTES;
    return left > 0 || done();
  }

  private boolean bytes(ByteBuffer block) {
    int some = (int) Math.min(left, block.remaining());
    block.position(block.position() + some);
    left -= some;
    return left > 0 || done();
  }

  private boolean text(ByteBuffer block) {
    int some = (int) Math.min(Math.min(left, block.remaining()), MAX_TEXT - kept);
    if (some == 0) {
      return bytes(block);
    }
    block.get(text, kept, some);
    kept += some;
    left -= some;
    return left > 0 || done();
  }

  private boolean line(ByteBuffer block) {
    while (block.hasRemaining()) {
      byte next = block.get();
      if (next == '\n') {
        if (Opcode.argument(opcode) == Opcode.TWO_LINES && firstLine == null) {
          firstLine = text();
          kept = 0;
          return true;
        }
        return done();
      }
      if (kept < MAX_TEXT) {
        text[kept++] = next;
      }
    }
    return true;
  }

  private boolean done() {
    state = State.OPCODE;
    return handler.opcode(opcode, number);
  }
}
