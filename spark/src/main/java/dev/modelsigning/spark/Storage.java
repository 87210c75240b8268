package dev.modelsigning.spark;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.model.IrregularEntry;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.Selection;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.model.Version;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.apache.spark.SparkConf;

/**
 * Where the files of a model are: the driver lists them, and executors, to which it is sent, read
 * them. It holds nothing but places; each machine finds credentials in its own configuration.
 */
sealed interface Storage extends Serializable permits FileStorage, HadoopStorage {

  /** The name of the model. */
  String name() throws IOException;

  /** Where the model is, as a URI for display. */
  String location();

  /** Where a file of the model is, for display. */
  String locate(String name);

  /** The same storage, where links to files are followed, or not. */
  Storage followingLinks(boolean follow);

  /** The name that a file of the driver's file system has or would have in the model. */
  Optional<String> nameOf(Path file) throws IOException;

  /**
   * Lists all entries of the model, from the top.
   *
   * @param conf the configuration of this machine's Spark
   * @throws IOException if they cannot be listed completely
   */
  void list(Selection selection, SparkConf conf, Entries entries) throws IOException;

  /**
   * Looks at a file.
   *
   * @param name its path in the model; empty for the model itself, a single file
   * @throws IOException if it is not there, or is no regular file
   */
  Look look(String name, SparkConf conf) throws IOException;

  /**
   * Opens a file in a version.
   *
   * @param name its path in the model; empty for the model itself, a single file
   * @param from the first byte that is read
   * @throws IOException if it cannot be opened, or is another version by now
   */
  InputStream open(String name, Look version, long from, SparkConf conf) throws IOException;

  /**
   * What a storage says of the version of a file. Driver and executors compare it.
   *
   * @param size its length in bytes
   * @param seconds its modification time, in seconds since 1970
   * @param nanos the rest of that time, in nanoseconds
   * @param etag its entity tag; empty if the storage has none. It decides alone then, as stores
   *     give the time with different precision
   * @param file which file it is, whatever its name: another one may have its size and time, which
   *     its owner sets; empty if the storage does not say
   */
  record Look(long size, long seconds, int nanos, String etag, String file) implements Version {

    static Look of(long size, Instant modified, String etag, String file) {
      return new Look(size, modified.getEpochSecond(), modified.getNano(), etag, file);
    }

    /** The modification time. */
    Instant modified() {
      return Instant.ofEpochSecond(seconds, nanos);
    }

    /** Whether it is the same version. */
    boolean isSame(Look other) {
      return size == other.size
          && etag.equals(other.etag)
          && file.equals(other.file)
          && (!etag.isEmpty() || (seconds == other.seconds && nanos == other.nanos));
    }

    void write(DataOutput out) throws IOException {
      out.writeLong(size);
      out.writeLong(seconds);
      out.writeInt(nanos);
      out.writeUTF(etag);
      out.writeUTF(file);
    }

    static Look read(DataInput in) throws IOException {
      return new Look(in.readLong(), in.readLong(), in.readInt(), in.readUTF(), in.readUTF());
    }

    @Override
    public String toString() {
      return size
          + " bytes, "
          + (etag.isEmpty() ? "modified " + modified() : "ETag " + etag)
          + (file.isEmpty() ? "" : ", " + file);
    }
  }

  /** Receives the entries of a model, from one thread at a time. */
  interface Entries {

    /**
     * A regular file.
     *
     * @param path its path in the model; empty if it is the model itself
     * @param name its path, or its own name if it is the model itself
     * @param local the same file in the file system of the driver, if it is there
     */
    void file(String path, String name, Look look, Optional<ModelFile> local) throws IOException;

    /** An entry that is neither a directory nor a regular file. */
    void irregular(IrregularEntry entry);

    /** An entry that a rule leaves out. */
    void leftOut(UncoveredEntry entry);

    /** A finding about the storage. */
    void finding(Finding finding);
  }

  /** A file is not the one that was listed: reading it again would not help. */
  final class ChangedException extends FileSystemException {

    private static final long serialVersionUID = 1L;

    ChangedException(String file, String why) {
      super(file, null, why);
    }
  }
}
