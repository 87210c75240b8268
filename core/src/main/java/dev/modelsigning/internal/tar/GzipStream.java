package dev.modelsigning.internal.tar;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A stream of gzip members, one after the other (RFC 1952), up to the end of the input. The JDK's
 * stream ignores what follows a member if that is no other one, or if it is not available yet; here
 * it is an error, as it could be read by others. What is inflated is limited in relation to what
 * was read.
 */
public final class GzipStream extends InputStream {

  /** How many times as many bytes may be inflated as were read. */
  public static final int MAX_RATIO = 100;

  /** The number of bytes that may be inflated whatever was read. */
  public static final long ALWAYS = 64L * 1024 * 1024;

  private static final int BUFFER = 64 * 1024;
  private static final int MAGIC = 0x8b1f;
  private static final int DEFLATED = 8;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  /** Far more than the name or the comment of a file has. */
  private static final int MAX_TEXT = 64 * 1024;

  private final PushbackInputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] buffer = new byte[BUFFER];

  /** The number of bytes in the buffer, of which the inflater may have used only some. */
  private int filled;

  private long read;
  private long inflated;
  private boolean inMember;
  private boolean ended;

  /**
   * Creates a stream.
   *
   * @param in the compressed bytes; closed with this
   */
  public GzipStream(InputStream in) {
    this.in = new PushbackInputStream(in, BUFFER);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      if (!inMember) {
        begin();
        continue;
      }
      int number = inflate(into, offset, length);
      if (number > 0) {
        return number;
      }
    }
    return -1;
  }

  private int inflate(byte[] into, int offset, int length) throws IOException {
    try {
      int number = inflater.inflate(into, offset, length);
      if (number > 0) {
        crc.update(into, offset, number);
        inflated += number;
        requireNoBomb();
      } else if (inflater.finished()) {
        end();
      } else if (inflater.needsDictionary()) {
        throw new MalformedTarException("is compressed with a dictionary, which gzip has not");
      } else {
        fill();
      }
      return number;
    } catch (DataFormatException e) {
      throw new MalformedTarException("is not compressed with gzip, or damaged");
    }
  }

  private void requireNoBomb() throws MalformedTarException {
    if (inflated > ALWAYS && inflated / MAX_RATIO > read) {
      throw new MalformedTarException(
          "is more than "
              + MAX_RATIO
              + " times as large as its compressed form, which is not unpacked");
    }
  }

  private void fill() throws IOException {
    int number = in.read(buffer);
    if (number < 0) {
      throw truncated();
    }
    read += number;
    filled = number;
    inflater.setInput(buffer, 0, number);
  }

  /** Reads the header of a member, if there is one (RFC 1952 2.3). */
  private void begin() throws IOException {
    int first = in.read();
    if (first < 0) {
      if (read == 0) {
        throw truncated();
      }
      ended = true;
      return;
    }
    in.unread(first);
    CRC32 header = new CRC32();
    if (readShort(header) != MAGIC || readByte(header) != DEFLATED) {
      throw new MalformedTarException(
          inflated == 0 && read <= 3
              ? "is not compressed with gzip"
              : "has data after its end, which programs read differently; make it anew");
    }
    int flags = readByte(header);
    if ((flags & RESERVED) != 0) {
      throw new MalformedTarException("has a header of gzip with unknown flags");
    }
    for (int i = 0; i < 6; i++) {
      readByte(header); // time, level and system
    }
    if ((flags & EXTRA) != 0) {
      int length = readShort(header);
      for (int i = 0; i < length; i++) {
        readByte(header);
      }
    }
    if ((flags & NAME) != 0) {
      skipText(header);
    }
    if ((flags & COMMENT) != 0) {
      skipText(header);
    }
    if ((flags & HEADER_CRC) != 0) {
      int expected = (int) header.getValue() & 0xffff;
      if (readShort(header) != expected) {
        throw new MalformedTarException("has a damaged header of gzip");
      }
    }
    inMember = true;
  }

  /** Reads the end of a member: checksum and length (RFC 1952 2.3.1). */
  private void end() throws IOException {
    int rest = inflater.getRemaining();
    in.unread(buffer, filled - rest, rest);
    read -= rest;
    CRC32 ignored = new CRC32();
    long checksum = readShort(ignored) | (long) readShort(ignored) << 16;
    long length = readShort(ignored) | (long) readShort(ignored) << 16;
    if (checksum != crc.getValue() || length != (inflater.getBytesWritten() & 0xffff_ffffL)) {
      throw new MalformedTarException("is damaged: its checksum is another one");
    }
    inflater.reset();
    crc.reset();
    inMember = false;
  }

  private void skipText(CRC32 header) throws IOException {
    int length = 0;
    while (readByte(header) != 0) {
      length++;
      if (length > MAX_TEXT) {
        throw new MalformedTarException("has a header of gzip that is too long");
      }
    }
  }

  private int readShort(CRC32 header) throws IOException {
    int low = readByte(header);
    return low | readByte(header) << 8;
  }

  private int readByte(CRC32 header) throws IOException {
    int value = in.read();
    if (value < 0) {
      throw truncated();
    }
    read++;
    header.update(value);
    return value;
  }

  private static EOFException truncated() {
    return new EOFException("ends in the middle of a compressed stream");
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
