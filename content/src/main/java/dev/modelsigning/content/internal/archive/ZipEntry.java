package dev.modelsigning.content.internal.archive;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an entry in a header (APPNOTE.TXT 4.3.7, 4.3.12).
 *
 * @param name the name as written
 * @param flags the general purpose flags
 * @param method the compression method
 * @param checksum CRC-32 of the content
 * @param compressedSize length of the compressed data
 * @param size length of the content
 * @param offset the offset of its local header; in a local header, its own offset
 * @param otherName whether an extra field contains a name too, which some programs use
 */
@SuppressWarnings("ArrayRecordComponent") // names are compared as bytes, and entries never
record ZipEntry(
    byte[] name,
    int flags,
    int method,
    int checksum,
    long compressedSize,
    long size,
    long offset,
    boolean otherName) {

  static final int LOCAL_SIGNATURE = 0x04034b50;
  static final int CENTRAL_SIGNATURE = 0x02014b50;
  private static final int DESCRIPTOR_SIGNATURE = 0x08074b50;
  static final int LOCAL_LENGTH = 30;
  static final int CENTRAL_LENGTH = 46;
  static final int STORED = 0;
  static final int DEFLATED = 8;

  private static final int ENCRYPTED = 1;
  private static final int DESCRIPTOR = 8;
  private static final int MANY = 0xffff_ffff;
  private static final int ZIP64 = 1;
  private static final int UNICODE_NAME = 0x7075;

  boolean isEncrypted() {
    return (flags & ENCRYPTED) != 0;
  }

  /** Whether checksum and sizes follow the data of the entry. */
  boolean hasDescriptor() {
    return (flags & DESCRIPTOR) != 0;
  }

  /** The same entry with the name truncated at a zero byte; null if its name contains none. */
  @Nullable ZipEntry beforeNul() {
    for (int i = 0; i < name.length; i++) {
      if (name[i] == 0) {
        return new ZipEntry(
            Arrays.copyOf(name, i),
            flags,
            method,
            checksum,
            compressedSize,
            size,
            offset,
            otherName);
      }
    }
    return null;
  }

  boolean isNameAscii() {
    for (byte one : name) {
      if (one < 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether sizes and checksum equal those of another header. */
  boolean hasSameSizes(ZipEntry other) {
    return compressedSize == other.compressedSize
        && size == other.size
        && checksum == other.checksum;
  }

  /** Whether a matching data descriptor (4.3.9) is at the beginning of the bytes. */
  boolean isDescriptor(ByteBuffer bytes) {
    return isDescriptor(bytes, 0)
        || (bytes.remaining() >= 4
            && bytes.getInt(0) == DESCRIPTOR_SIGNATURE
            && isDescriptor(bytes, 4));
  }

  private boolean isDescriptor(ByteBuffer bytes, int at) {
    int length = bytes.remaining() - at;
    return length >= 12
        && bytes.getInt(at) == checksum
        && ((bytes.getInt(at + 4) == (int) compressedSize && bytes.getInt(at + 8) == (int) size)
            || (length >= 20
                && bytes.getLong(at + 4) == compressedSize
                && bytes.getLong(at + 12) == size));
  }

  String text() {
    return new String(name, StandardCharsets.UTF_8);
  }

  boolean isDirectory() {
    return name.length > 0 && name[name.length - 1] == '/';
  }

  /**
   * Parses an entry of the central directory.
   *
   * @param fixed the part of fixed length
   * @param rest name and extra fields
   */
  static ZipEntry central(ByteBuffer fixed, ByteBuffer rest) {
    int nameLength = Short.toUnsignedInt(fixed.getShort(28));
    int extraLength = Short.toUnsignedInt(fixed.getShort(30));
    byte[] name = new byte[nameLength];
    rest.get(name);
    return withExtra(
        name,
        fixed,
        8,
        Integer.toUnsignedLong(fixed.getInt(42)),
        rest.slice(rest.position(), extraLength).order(rest.order()));
  }

  /**
   * Parses a local header.
   *
   * @param fixed the part of fixed length
   * @param rest name and extra fields
   */
  static ZipEntry local(ByteBuffer fixed, ByteBuffer rest, long offset) {
    byte[] name = new byte[Short.toUnsignedInt(fixed.getShort(26))];
    rest.get(name);
    return withExtra(name, fixed, 6, offset, rest.slice().order(rest.order()));
  }

  private static ZipEntry withExtra(
      byte[] name, ByteBuffer fixed, int at, long offset, ByteBuffer extra) {
    boolean isCentral = at == 8;
    int shortCompressed = fixed.getInt(at + 12);
    int shortSize = fixed.getInt(at + 16);
    long compressed = Integer.toUnsignedLong(shortCompressed);
    long size = Integer.toUnsignedLong(shortSize);
    long from = offset;
    boolean otherName = false;
    while (extra.remaining() >= 4) {
      int id = Short.toUnsignedInt(extra.getShort());
      int length = Math.min(Short.toUnsignedInt(extra.getShort()), extra.remaining());
      ByteBuffer field = extra.slice(extra.position(), length).order(extra.order());
      extra.position(extra.position() + length);
      if (id == ZIP64) {
        if (shortSize == MANY && field.remaining() >= 8) {
          size = field.getLong();
        }
        if (shortCompressed == MANY && field.remaining() >= 8) {
          compressed = field.getLong();
        }
        if (isCentral && (int) offset == MANY && field.remaining() >= 8) {
          from = field.getLong();
        }
      } else if (id == UNICODE_NAME) {
        otherName |=
            length < 5
                || !Arrays.equals(
                    name,
                    0,
                    name.length,
                    field.array(),
                    field.arrayOffset() + 5,
                    field.arrayOffset() + length);
      }
    }
    return new ZipEntry(
        name,
        Short.toUnsignedInt(fixed.getShort(at)),
        Short.toUnsignedInt(fixed.getShort(at + 2)),
        fixed.getInt(at + 8),
        compressed,
        size,
        from,
        otherName);
  }
}
