package dev.modelsigning.internal.json;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Base64;

/** Encodes what is written in Base64 (RFC 4648 section 4), a block at a time. */
final class Base64Output extends OutputStream {

  /** A multiple of three. */
  private static final int BLOCK = 24 * 1024;

  private final OutputStream out;
  private final byte[] block = new byte[BLOCK];
  private final byte[] text = new byte[BLOCK / 3 * 4];
  private int length;

  Base64Output(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int single) throws IOException {
    write(new byte[] {(byte) single}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int number) throws IOException {
    for (int at = offset; at < offset + number; ) {
      int part = Math.min(BLOCK - length, offset + number - at);
      System.arraycopy(bytes, at, block, length, part);
      length += part;
      at += part;
      if (length == BLOCK) {
        out.write(text, 0, Base64.getEncoder().encode(block, text));
        length = 0;
      }
    }
  }

  /** Writes the rest, with padding. */
  void end() throws IOException {
    out.write(Base64.getEncoder().encode(Arrays.copyOf(block, length)));
    length = 0;
  }
}
