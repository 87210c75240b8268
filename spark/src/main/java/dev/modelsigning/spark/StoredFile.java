package dev.modelsigning.spark;

import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.Version;
import dev.modelsigning.spark.Storage.Look;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Optional;
import org.apache.spark.SparkConf;

/** A file as the driver has listed it. */
final class StoredFile implements ModelFile {

  private final Storage storage;
  private final SparkConf conf;
  private final String path;
  private final String name;
  private final Look look;
  private final Optional<ModelFile> local;
  private final Optional<Reader> reader;

  /** Must know when a file was hashed. */
  interface Reader {

    /**
     * A file that it handed out was hashed.
     *
     * @throws IOException if it was the last one, and the model is not as it was listed
     */
    void hashed(SparkDigester digester) throws IOException;
  }

  /**
   * Creates a file.
   *
   * @param path its path in the storage; empty if it is the model itself
   * @param name its path in the model, or its own name
   * @param local the same file in the driver's file system
   */
  StoredFile(
      Storage storage,
      SparkConf conf,
      String path,
      String name,
      Look look,
      Optional<ModelFile> local,
      Optional<Reader> reader) {
    this.storage = storage;
    this.conf = conf;
    this.path = path;
    this.name = name;
    this.look = look;
    this.local = local;
    this.reader = reader;
  }

  /** To be called when it was hashed. */
  void hashed(SparkDigester digester) throws IOException {
    if (reader.isPresent()) {
      reader.get().hashed(digester);
    }
  }

  Storage storage() {
    return storage;
  }

  String path() {
    return path;
  }

  Look look() {
    return look;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public byte[] utf8Name() {
    return local.map(ModelFile::utf8Name).orElseGet(() -> name.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String location() {
    return storage.locate(path);
  }

  @Override
  public long size() {
    return look.size();
  }

  @Override
  public Optional<Instant> modified() {
    return Optional.of(look.modified());
  }

  @Override
  public Version version() {
    return look;
  }

  @Override
  public ReadableByteChannel open(long from, long to) throws IOException {
    InputStream in = storage.open(path, look, from, conf);
    return Channels.newChannel(in);
  }

  /** In the driver's own file system more is known of a file than executors are told. */
  @Override
  public void requireUnchanged() throws IOException {
    if (local.isPresent()) {
      local.get().requireUnchanged();
      return;
    }
    Look now = storage.look(path, conf);
    if (!now.isSame(look)) {
      throw new Storage.ChangedException(
          location(), "was " + look + " when it was listed, and is " + now);
    }
  }

  /** Whether the driver's own file system still has it as it was listed; nothing elsewhere. */
  void requireUnchangedHere() throws IOException {
    if (local.isPresent()) {
      local.get().requireUnchanged();
    }
  }

  @Override
  public boolean cheapRanges() {
    return true;
  }

  /** A number that differs if the name or the version do. */
  long mark() {
    String version = local.map(ModelFile::version).map(Version::toString).orElseGet(look::toString);
    return mark(name + '\0' + look.size() + '\0' + version);
  }

  /** A number of 64 bits that stands for a text. */
  static long mark(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
