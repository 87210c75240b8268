package dev.modelsigning.content.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes a zip file of which each field can be set, including to invalid values. */
public final class TestZip {

  /** An entry: the fields of its local header, and those of the central directory. */
  public static final class Entry {
    public byte[] name;
    public byte[] centralName;
    public byte[] data;
    public int flags;
    public int centralFlags;
    public int method;
    public int centralMethod;
    public int checksum;
    public int centralChecksum;
    public int compressedSize;
    public int centralCompressedSize;
    public int size;
    public int centralSize;
    public byte[] extra = {};
    public byte[] centralExtra = {};
    public byte[] descriptor = {};
    public byte[] before = {};
    public boolean isInDirectory = true;
    public long offset = -1;

    private Entry(String name, byte[] content, boolean isDeflated) {
      this.name = name.getBytes(StandardCharsets.ISO_8859_1);
      this.centralName = this.name;
      this.data = isDeflated ? deflate(content) : content;
      this.method = isDeflated ? 8 : 0;
      this.centralMethod = method;
      CRC32 crc = new CRC32();
      crc.update(content);
      this.checksum = (int) crc.getValue();
      this.centralChecksum = checksum;
      this.compressedSize = data.length;
      this.centralCompressedSize = data.length;
      this.size = content.length;
      this.centralSize = content.length;
    }

    /** Puts sizes and checksum behind the data. */
    public Entry withDescriptor() {
      flags |= 8;
      centralFlags |= 8;
      descriptor =
          numbers(16)
              .putInt(0x08074b50)
              .putInt(centralChecksum)
              .putInt(centralCompressedSize)
              .putInt(centralSize)
              .array();
      checksum = 0;
      compressedSize = 0;
      size = 0;
      return this;
    }
  }

  private final List<Entry> entries = new ArrayList<>();

  /** Bytes before the first entry. */
  public byte[] prefix = {};

  /** Bytes between the last entry and the directory. */
  public byte[] beforeDirectory = {};

  /** The comment at the end. */
  public byte[] comment = {};

  /** Bytes behind all. */
  public byte[] suffix = {};

  /** What is added to the number of entries in the end record. */
  public int lieCount;

  /** What is added to the size of the directory in the end record. */
  public int lieSize;

  /** What is added to the offset of the directory in the end record. */
  public int lieOffset;

  /** Whether there is an end record for large files. */
  public boolean isLarge;

  /** Adds an entry that is not compressed. */
  public Entry store(String name, byte[] content) {
    return add(new Entry(name, content, false));
  }

  /** Adds an entry that is. */
  public Entry deflate(String name, byte[] content) {
    return add(new Entry(name, content, true));
  }

  private Entry add(Entry entry) {
    entries.add(entry);
    return entry;
  }

  /** What deflate makes of some bytes. */
  public static byte[] deflate(byte[] content) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(content);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] block = new byte[64 * 1024];
    while (!deflater.finished()) {
      out.write(block, 0, deflater.deflate(block));
    }
    deflater.end();
    return out.toByteArray();
  }

  private static ByteBuffer numbers(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] written(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.position()];
    buffer.get(0, bytes);
    return bytes;
  }

  /** The file. */
  public byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream directory = new ByteArrayOutputStream();
    out.writeBytes(prefix);
    int count = 0;
    for (Entry entry : entries) {
      out.writeBytes(entry.before);
      long at = entry.offset >= 0 ? entry.offset : out.size();
      if (entry.offset < 0) {
        out.writeBytes(local(entry));
      }
      if (entry.isInDirectory) {
        count++;
        directory.writeBytes(central(entry, (int) at));
      }
    }
    out.writeBytes(beforeDirectory);
    int at = out.size();
    out.writeBytes(directory.toByteArray());
    int size = directory.size();
    if (isLarge) {
      out.writeBytes(largeEnd(count, size, at, at + size));
    }
    out.writeBytes(
        numbers(22)
            .putInt(0x06054b50)
            .putInt(0)
            .putShort((short) (isLarge ? -1 : count + lieCount))
            .putShort((short) (isLarge ? -1 : count + lieCount))
            .putInt(isLarge ? -1 : size + lieSize)
            .putInt(isLarge ? -1 : at + lieOffset)
            .putShort((short) comment.length)
            .array());
    out.writeBytes(comment);
    out.writeBytes(suffix);
    return out.toByteArray();
  }

  private static byte[] local(Entry entry) {
    ByteBuffer fixed =
        numbers(30)
            .putInt(0x04034b50)
            .putShort((short) 20)
            .putShort((short) entry.flags)
            .putShort((short) entry.method)
            .putInt(0)
            .putInt(entry.checksum)
            .putInt(entry.compressedSize)
            .putInt(entry.size)
            .putShort((short) entry.name.length)
            .putShort((short) entry.extra.length);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(written(fixed));
    out.writeBytes(entry.name);
    out.writeBytes(entry.extra);
    out.writeBytes(entry.data);
    out.writeBytes(entry.descriptor);
    return out.toByteArray();
  }

  private static byte[] central(Entry entry, int at) {
    ByteBuffer fixed =
        numbers(46)
            .putInt(0x02014b50)
            .putShort((short) 20)
            .putShort((short) 20)
            .putShort((short) entry.centralFlags)
            .putShort((short) entry.centralMethod)
            .putInt(0)
            .putInt(entry.centralChecksum)
            .putInt(entry.centralCompressedSize)
            .putInt(entry.centralSize)
            .putShort((short) entry.centralName.length)
            .putShort((short) entry.centralExtra.length)
            .putInt(0)
            .putShort((short) 0)
            .putInt(0)
            .putInt(at);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(written(fixed));
    out.writeBytes(entry.centralName);
    out.writeBytes(entry.centralExtra);
    return out.toByteArray();
  }

  /** The end record for large files with its locator. */
  public static byte[] largeEnd(long count, long size, long offset, long at) {
    return numbers(76)
        .putInt(0x06064b50)
        .putLong(44)
        .putInt(0x002d002d)
        .putLong(0)
        .putLong(count)
        .putLong(count)
        .putLong(size)
        .putLong(offset)
        .putInt(0x07064b50)
        .putInt(0)
        .putLong(at)
        .putInt(1)
        .array();
  }

  /** An extra field. */
  public static byte[] extra(int id, byte[] content) {
    return numbers(4 + content.length)
        .putShort((short) id)
        .putShort((short) content.length)
        .put(content)
        .array();
  }

  /** An extra field with 64-bit numbers. */
  public static byte[] large(long... numbers) {
    ByteBuffer content = numbers(8 * numbers.length);
    for (long number : numbers) {
      content.putLong(number);
    }
    return extra(1, written(content));
  }
}
