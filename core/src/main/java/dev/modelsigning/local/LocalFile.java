package dev.modelsigning.local;

import dev.modelsigning.internal.engine.FileHash;
import dev.modelsigning.internal.engine.HashInput;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.StoredVersion;
import dev.modelsigning.model.Version;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file of a file system, with its attributes when it was found. */
final class LocalFile implements ModelFile {

  private final byte[] name;
  private final FileHash file;
  private final ChangeTimes changes;

  /**
   * Creates a file.
   *
   * @param name its path in the model, in UTF-8
   * @param file the file as it was found
   * @param changes what is known of the file systems
   */
  LocalFile(byte[] name, FileHash file, ChangeTimes changes) {
    this.name = name;
    this.file = file;
    this.changes = changes;
  }

  /**
   * The attributes that identify a version of a file.
   *
   * @param size its length in bytes
   * @param modified its modification time
   * @param statusChanged the time of its last status change (ctime), or null if not known
   * @param key its identity, or null if the file system has none
   */
  private record Look(
      long size, FileTime modified, @Nullable FileTime statusChanged, @Nullable Object key)
      implements Version {
    @Override
    public String toString() {
      return size + " bytes, modified " + modified + (key == null ? "" : ", " + key);
    }
  }

  @Override
  public String name() {
    return new String(name, StandardCharsets.UTF_8);
  }

  @Override
  public byte[] utf8Name() {
    return name;
  }

  @Override
  public String location() {
    return file.path().toString();
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public Optional<Instant> modified() {
    return Optional.of(file.modified().toInstant());
  }

  @Override
  public Version version() {
    return new Look(file.size(), file.modified(), file.statusChanged(), file.key());
  }

  @Override
  public Optional<StoredVersion> storedVersion() throws IOException {
    return changes.storedVersion(file);
  }

  @Override
  public ReadableByteChannel open(long from, long to) throws IOException {
    return file.open(from, to);
  }

  @Override
  public void requireUnchanged() throws IOException {
    file.requireUnchanged();
  }

  @Override
  public boolean cheapRanges() {
    return file.cheapRanges();
  }

  /** The input for the engine. */
  FileHash input() {
    return file;
  }

  /** The same with another range size. */
  HashInput input(long rangeSize) {
    return file.rangeSize() == rangeSize ? file : file.withRanges(rangeSize);
  }
}
