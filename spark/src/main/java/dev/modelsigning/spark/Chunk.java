package dev.modelsigning.spark;

import dev.modelsigning.spark.Storage.Look;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a file that an executor reads in one go: a whole file, or some shards that follow each
 * other.
 *
 * @param number its number in the job
 * @param path the path of the file in its storage
 * @param look the version of the file
 * @param from its first byte
 * @param to the byte after the last one
 */
record Chunk(int number, String path, Look look, long from, long to) {

  /** What opening a file costs, as so many bytes. */
  private static final long OPENING = 2L << 20;

  /** How long it takes, in bytes that could be read in that time. */
  long cost() {
    return OPENING + to - from;
  }

  /** The number of digests that it has. */
  int digests(long shardSize) {
    return Math.max(1, Math.toIntExact((to - from + shardSize - 1) / shardSize));
  }

  /**
   * Chunks in a form of our own: the serializer of a cluster need not know our classes, and nothing
   * but these fields goes to executors.
   */
  static byte[] encode(List<Chunk> chunks) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(chunks.size());
      for (Chunk chunk : chunks) {
        out.writeInt(chunk.number);
        out.writeUTF(chunk.path);
        chunk.look.write(out);
        out.writeLong(chunk.from);
        out.writeLong(chunk.to);
      }
    } catch (IOException e) {
      throw new IllegalStateException("a name of more than 65535 bytes", e);
    }
    return bytes.toByteArray();
  }

  static List<Chunk> decode(byte[] encoded) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded));
    int size = in.readInt();
    List<Chunk> chunks = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      chunks.add(
          new Chunk(in.readInt(), in.readUTF(), Look.read(in), in.readLong(), in.readLong()));
    }
    return chunks;
  }
}
