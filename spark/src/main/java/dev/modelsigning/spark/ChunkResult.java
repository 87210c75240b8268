package dev.modelsigning.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What an executor says of a chunk.
 *
 * @param number the number of the chunk
 * @param kind how reading it ended
 * @param digests the digests of its shards in ascending order; none if it failed
 * @param message why it failed; empty if it did not
 */
record ChunkResult(int number, Kind kind, List<byte[]> digests, String message) {

  /** So much of a message that it fits into the form below in any case. */
  private static final int MOST_CHARACTERS = 4000;

  /** How reading ended. */
  enum Kind {
    /** It was read. */
    READ(0),
    /** The file is not the one that was listed: there is no sense in reading it again. */
    CHANGED(1),
    /** It could not be read, by this machine and at this time. */
    FAILED(2);

    /** What stands for it in the form below. */
    private final int code;

    Kind(int code) {
      this.code = code;
    }

    private static Kind of(int code) throws IOException {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IOException("an executor returned a result of an unknown kind, " + code);
    }
  }

  static ChunkResult read(Chunk chunk, List<byte[]> digests) {
    return new ChunkResult(chunk.number(), Kind.READ, digests, "");
  }

  static ChunkResult failed(Chunk chunk, Kind kind, String message) {
    String some =
        message.length() > MOST_CHARACTERS ? message.substring(0, MOST_CHARACTERS) : message;
    return new ChunkResult(chunk.number(), kind, List.of(), some);
  }

  static byte[] encode(List<ChunkResult> results) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(results.size());
      for (ChunkResult result : results) {
        out.writeInt(result.number);
        out.writeByte(result.kind.code);
        out.writeUTF(result.message);
        out.writeInt(result.digests.size());
        for (byte[] digest : result.digests) {
          out.writeByte(digest.length);
          out.write(digest);
        }
      }
    }
    return bytes.toByteArray();
  }

  /**
   * Reads results.
   *
   * @throws IOException if it is not what {@link #encode} writes
   */
  static List<ChunkResult> decode(byte[] encoded) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded));
    int size = in.readInt();
    List<ChunkResult> results = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int number = in.readInt();
      Kind kind = Kind.of(in.readUnsignedByte());
      String message = in.readUTF();
      int count = in.readInt();
      List<byte[]> digests = new ArrayList<>();
      for (int j = 0; j < count; j++) {
        byte[] digest = new byte[in.readUnsignedByte()];
        in.readFully(digest);
        digests.add(digest);
      }
      results.add(new ChunkResult(number, kind, digests, message));
    }
    if (in.read() >= 0) {
      throw new IOException("an executor returned more than its results");
    }
    return results;
  }
}
