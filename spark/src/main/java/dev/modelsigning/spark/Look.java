package dev.modelsigning.spark;

import dev.modelsigning.model.Version;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;

/**
 * What a storage says of the version of a file. Driver and executors compare it.
 *
 * @param size its length in bytes
 * @param seconds its modification time, in seconds since 1970
 * @param nanos the rest of that time, in nanoseconds
 * @param etag its entity tag; empty if the storage has none. It decides alone then, as stores give
 *     the time with different precision
 */
record Look(long size, long seconds, int nanos, String etag) implements Version {

  static Look of(long size, Instant modified, String etag) {
    return new Look(size, modified.getEpochSecond(), modified.getNano(), etag);
  }

  /** The modification time. */
  Instant modified() {
    return Instant.ofEpochSecond(seconds, nanos);
  }

  /** Whether it is the same version. */
  boolean isSame(Look other) {
    return size == other.size
        && etag.equals(other.etag)
        && (!etag.isEmpty() || (seconds == other.seconds && nanos == other.nanos));
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(size);
    out.writeLong(seconds);
    out.writeInt(nanos);
    out.writeUTF(etag);
  }

  static Look read(DataInput in) throws IOException {
    return new Look(in.readLong(), in.readLong(), in.readInt(), in.readUTF());
  }

  @Override
  public String toString() {
    return size + " bytes, " + (etag.isEmpty() ? "modified " + modified() : "ETag " + etag);
  }
}
