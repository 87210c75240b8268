package dev.modelsigning.cli.output;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Adds a field to an object in JSON while it is written, as its last one: a document ends with a
 * brace and a line feed, which are kept until it is known that nothing follows.
 */
final class LastField extends FilterOutputStream {

  /** How an object on a line of its own ends. */
  static final String END = "}\n";

  private final byte[] kept = new byte[END.length()];
  private int count;

  /** Creates a stream that writes to another one. */
  LastField(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int b) throws IOException {
    if (count == kept.length) {
      out.write(kept[0]);
      kept[0] = kept[1];
      count--;
    }
    kept[count++] = (byte) b;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (length < kept.length) {
      super.write(bytes, offset, length);
      return;
    }
    out.write(kept, 0, count);
    out.write(bytes, offset, length - kept.length);
    System.arraycopy(bytes, offset + length - kept.length, kept, 0, kept.length);
    count = kept.length;
  }

  /** Does nothing: what is kept must not be passed on yet. */
  @Override
  public void flush() {}

  /**
   * Ends the object.
   *
   * @param field a field with its name, not the first one of the object
   * @throws IOException if it cannot be written, or what was written is no such object
   */
  void end(String field) throws IOException {
    if (!new String(kept, 0, count, StandardCharsets.US_ASCII).equals(END)) {
      throw new IOException("what was to be printed is not an object in JSON on a line");
    }
    out.write(("," + field + END).getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }
}
