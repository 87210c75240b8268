package dev.modelsigning.content.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes safetensors files, including malformed ones. */
public final class TestSafetensors {

  private TestSafetensors() {}

  /** A file with a header, in which ' stands for ", and with that many bytes behind it. */
  public static byte[] file(String header, int bytes) {
    return file(header, new byte[bytes]);
  }

  /** A file with a header, in which ' stands for ", and what is behind it. */
  public static byte[] file(String header, byte[] data) {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data)
        .array();
  }

  /** What a header says of a tensor of bytes. */
  public static String bytes(String name, int from, int to) {
    return "'%s':{'dtype':'U8','shape':[%d],'data_offsets':[%d,%d]}"
        .formatted(name, to - from, from, to);
  }
}
