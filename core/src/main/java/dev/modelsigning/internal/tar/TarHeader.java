package dev.modelsigning.internal.tar;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A header block of 512 bytes (POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar). */
final class TarHeader {

  static final int SIZE = 512;

  private static final int NAME = 100;
  private static final int SIZE_FIELD = 124;
  private static final int SIZE_LENGTH = 12;
  private static final int CHECKSUM = 148;
  private static final int CHECKSUM_LENGTH = 8;
  private static final int TYPE = 156;
  private static final int MAGIC = 257;
  private static final int PREFIX = 345;
  private static final int PREFIX_LENGTH = 155;

  private final byte[] block;

  private TarHeader(byte[] block) {
    this.block = block;
  }

  /**
   * Checks the checksum of a block.
   *
   * @throws MalformedTarException if it is not a header
   */
  static TarHeader of(byte[] block) throws MalformedTarException {
    TarHeader header = new TarHeader(block);
    long sum = 0;
    for (int i = 0; i < SIZE; i++) {
      boolean own = i >= CHECKSUM && i < CHECKSUM + CHECKSUM_LENGTH;
      sum += own ? ' ' : Byte.toUnsignedInt(block[i]);
    }
    if (header.octal(CHECKSUM, CHECKSUM_LENGTH, "checksum") != sum) {
      throw new MalformedTarException("expected a header, found a block with another checksum");
    }
    return header;
  }

  static boolean isZero(byte[] block) {
    for (byte each : block) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }

  /** The type of the entry, a character. */
  char type() {
    return (char) Byte.toUnsignedInt(block[TYPE]);
  }

  long size() throws MalformedTarException {
    return (block[SIZE_FIELD] & 0x80) == 0
        ? octal(SIZE_FIELD, SIZE_LENGTH, "size")
        : binary(SIZE_FIELD, SIZE_LENGTH);
  }

  String name() throws MalformedTarException {
    String name = text(0, NAME);
    // Only the format of POSIX has a prefix; GNU's has times at its place.
    boolean ustar =
        Arrays.equals(block, MAGIC, MAGIC + 6, "ustar\0".getBytes(StandardCharsets.US_ASCII), 0, 6);
    String prefix = ustar ? text(PREFIX, PREFIX_LENGTH) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private String text(int from, int length) throws MalformedTarException {
    int end = from;
    while (end < from + length && block[end] != 0) {
      end++;
    }
    return decode(block, from, end - from);
  }

  static String decode(byte[] bytes, int from, int length) throws MalformedTarException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new MalformedTarException("expected names in UTF-8, found one that is not");
    }
  }

  /** An octal number, which ends with a space or NUL, with spaces before it. */
  private long octal(int from, int length, String what) throws MalformedTarException {
    int at = from;
    while (at < from + length && block[at] == ' ') {
      at++;
    }
    long value = 0;
    int start = at;
    while (at < from + length && block[at] >= '0' && block[at] <= '7') {
      value = value * 8 + (block[at] - '0');
      at++;
    }
    boolean ended = true;
    for (int i = at; i < from + length; i++) {
      ended &= block[i] == ' ' || block[i] == 0;
    }
    if (at == start || !ended) {
      throw new MalformedTarException("expected an octal number as " + what + " in a header");
    }
    return value;
  }

  /** GNU's form of large numbers: base 256, after one bit. */
  private long binary(int from, int length) throws MalformedTarException {
    long value = block[from] & 0x7f;
    for (int i = from + 1; i < from + length; i++) {
      if (value > Long.MAX_VALUE >> 8) {
        throw new MalformedTarException("expected a size of less than 2^63 bytes in a header");
      }
      value = value << 8 | Byte.toUnsignedInt(block[i]);
    }
    return value;
  }
}
