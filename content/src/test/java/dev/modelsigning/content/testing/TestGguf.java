package dev.modelsigning.content.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes GGUF files, including malformed ones. */
public final class TestGguf {

  /** Numbers of types of values. */
  public static final int UINT8 = 0;

  public static final int UINT16 = 2;
  public static final int UINT32 = 4;
  public static final int STRING = 8;
  public static final int ARRAY = 9;
  public static final int UINT64 = 10;

  /** Numbers of types of tensors. */
  public static final int F32 = 0;

  public static final int Q4_0 = 2;

  private final ByteOrder order;
  private final ByteArrayOutputStream entries = new ByteArrayOutputStream();
  private final ByteArrayOutputStream infos = new ByteArrayOutputStream();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private long entryCount;
  private long tensorCount;
  private int version = 3;
  private int alignment = 32;

  private TestGguf(ByteOrder order) {
    this.order = order;
  }

  /** In the usual order of bytes. */
  public static TestGguf littleEndian() {
    return new TestGguf(ByteOrder.LITTLE_ENDIAN);
  }

  /** In the other one. */
  public static TestGguf bigEndian() {
    return new TestGguf(ByteOrder.BIG_ENDIAN);
  }

  /** Of another version. */
  public TestGguf version(int number) {
    version = number;
    return this;
  }

  /** Says that there are other numbers of keys and tensors than there are. */
  public TestGguf counts(long tensors, long keys) {
    tensorCount = tensors;
    entryCount = keys;
    return this;
  }

  /** A string. */
  public TestGguf text(String key, String value) {
    return key(key, STRING).raw(string(value));
  }

  /** A number of 32 bits. */
  public TestGguf number(String key, int value) {
    if (key.equals("general.alignment")) {
      alignment = value;
    }
    return key(key, UINT32).raw(int32(value));
  }

  /** A number of 16 bits. */
  public TestGguf uint16(String key, int value) {
    return key(key, UINT16).raw(ByteBuffer.allocate(2).order(order).putShort((short) value));
  }

  /** A list of strings. */
  public TestGguf texts(String key, String... values) {
    key(key, ARRAY).raw(int32(STRING)).raw(int64(values.length));
    for (String value : values) {
      raw(string(value));
    }
    return this;
  }

  /** A list of bytes. */
  public TestGguf bytes(String key, byte[] values) {
    return key(key, ARRAY).raw(int32(UINT8)).raw(int64(values.length)).raw(ByteBuffer.wrap(values));
  }

  /** A key and the type of a value that follows. */
  public TestGguf key(String key, int type) {
    entryCount++;
    return raw(string(key)).raw(int32(type));
  }

  /** Bytes where values are. */
  public TestGguf raw(ByteBuffer bytes) {
    write(entries, bytes);
    return this;
  }

  /** A tensor of numbers of 32 bits. */
  public TestGguf floats(String name, int... values) {
    while (data.size() % alignment != 0) {
      data.write(0);
    }
    info(name, F32, data.size(), values.length);
    for (int value : values) {
      write(data, int32(value));
    }
    return this;
  }

  /** What the header says of a tensor. */
  public TestGguf info(String name, int type, long offset, long... shape) {
    tensorCount++;
    write(infos, string(name));
    write(infos, int32(shape.length));
    for (long dimension : shape) {
      write(infos, int64(dimension));
    }
    write(infos, int32(type));
    write(infos, int64(offset));
    return this;
  }

  /** Bytes where tensors are. */
  public TestGguf data(byte[] bytes) {
    data.writeBytes(bytes);
    return this;
  }

  /** The file. */
  public byte[] file() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes("GGUF".getBytes(StandardCharsets.ISO_8859_1));
    write(file, int32(version));
    write(file, int64(tensorCount));
    write(file, int64(entryCount));
    file.writeBytes(entries.toByteArray());
    file.writeBytes(infos.toByteArray());
    while (data.size() > 0 && file.size() % alignment != 0) {
      file.write(0);
    }
    file.writeBytes(data.toByteArray());
    return file.toByteArray();
  }

  /** A number of 32 bits. */
  public ByteBuffer int32(int value) {
    return ByteBuffer.allocate(4).order(order).putInt(value);
  }

  /** A number of 64 bits. */
  public ByteBuffer int64(long value) {
    return ByteBuffer.allocate(8).order(order).putLong(value);
  }

  private ByteBuffer string(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + bytes.length).order(order).putLong(bytes.length).put(bytes);
  }

  private static void write(ByteArrayOutputStream out, ByteBuffer bytes) {
    byte[] all = new byte[bytes.capacity()];
    bytes.duplicate().clear().get(all);
    out.writeBytes(all);
  }
}
