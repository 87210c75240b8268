package dev.modelsigning.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Makes archives block by block, also such as no program would write. */
public final class TarBytes {

  private static final int BLOCK = 512;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** An empty archive. */
  public TarBytes() {}

  /** Adds a file. */
  public TarBytes file(String name, String content) {
    return entry('0', name, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a directory. */
  public TarBytes directory(String name) {
    return entry('5', name, new byte[0]);
  }

  /** Adds an entry of any type. */
  public TarBytes entry(char type, String name, byte[] content) {
    header(type, name.getBytes(StandardCharsets.UTF_8), content.length);
    return content(content);
  }

  /** Adds an extended header for the next entry, with records {@code key=value}. */
  public TarBytes pax(char type, String... records) {
    StringBuilder all = new StringBuilder();
    for (String record : records) {
      int rest = record.getBytes(StandardCharsets.UTF_8).length + 2;
      int length = rest + 1;
      while (String.valueOf(length).length() + rest != length) {
        length = String.valueOf(length).length() + rest;
      }
      all.append(length).append(' ').append(record).append('\n');
    }
    return entry(type, "PaxHeaders/entry", all.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a header with this size, and nothing else. */
  public TarBytes header(char type, byte[] name, long size) {
    return header(type, name, String.format("%011o\0", size).getBytes(StandardCharsets.US_ASCII));
  }

  /** Adds a header with these bytes as its size. */
  public TarBytes header(char type, byte[] name, byte[] size) {
    byte[] block = new byte[BLOCK];
    System.arraycopy(name, 0, block, 0, Math.min(100, name.length));
    put(block, 100, "0000644\0000000000\0000000000\0");
    System.arraycopy(size, 0, block, 124, size.length);
    put(block, 136, "00000000000\0        ");
    block[156] = (byte) type;
    put(block, 257, "ustar\00000");
    int sum = 0;
    for (byte each : block) {
      sum += Byte.toUnsignedInt(each);
    }
    put(block, 148, String.format("%06o\0 ", sum));
    bytes.writeBytes(block);
    return this;
  }

  private static void put(byte[] block, int at, String text) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, block, at, ascii.length);
  }

  /** Adds content, up to a whole number of blocks. */
  public TarBytes content(byte[] content) {
    bytes.writeBytes(Arrays.copyOf(content, (content.length + BLOCK - 1) / BLOCK * BLOCK));
    return this;
  }

  /** Adds the end of the archive. */
  public TarBytes end() {
    bytes.writeBytes(new byte[2 * BLOCK]);
    return this;
  }

  /** The bytes so far. */
  public byte[] bytes() {
    return bytes.toByteArray();
  }

  /** The archive with its end. */
  public byte[] whole() {
    return end().bytes();
  }
}
