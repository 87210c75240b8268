package dev.modelsigning.s3;

import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.Version;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An object of a store as it was listed: the file of a model. */
final class S3Object implements ModelFile {

  private final S3Store store;
  private final String key;
  private final int nameStart;
  private final long size;
  private final String etag;
  private final @Nullable Instant modified;
  private final boolean hasSha256;

  /** Set by the first answer: other versions with the same entity tag are not read after it. */
  private volatile @Nullable String versionId;

  /** What a store says about the content. */
  private record ObjectVersion(String etag, long size) implements Version {
    @Override
    public String toString() {
      return size + " bytes, ETag " + etag;
    }
  }

  /**
   * Creates an object.
   *
   * @param nameStart the number of characters of its key before its name in the model
   * @param hasSha256 whether the store says that it has a SHA-256 of it
   */
  S3Object(
      S3Store store,
      String key,
      int nameStart,
      long size,
      String etag,
      @Nullable Instant modified,
      boolean hasSha256) {
    this.store = store;
    this.key = key;
    this.nameStart = nameStart;
    this.size = size;
    this.etag = etag;
    this.modified = modified;
    this.hasSha256 = hasSha256;
  }

  String key() {
    return key;
  }

  String etag() {
    return etag;
  }

  boolean hasSha256() {
    return hasSha256;
  }

  @Nullable String versionId() {
    return versionId;
  }

  void found(@Nullable String version) {
    if (versionId == null) {
      versionId = version;
    }
  }

  @Override
  public String name() {
    return key.substring(nameStart);
  }

  @Override
  public String location() {
    return store.locate(key);
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Optional<Instant> modified() {
    return Optional.ofNullable(modified);
  }

  @Override
  public Version version() {
    return new ObjectVersion(etag, size);
  }

  @Override
  public ReadableByteChannel open(long from, long to) throws IOException {
    return store.parts().open(this, from, to);
  }

  /** Each request names the version. */
  @Override
  public void requireUnchanged() {}

  @Override
  public boolean cheapRanges() {
    return true;
  }

  /** A number that differs if the key, the size, the version or its time do. */
  long mark() {
    String all = key + '\0' + size + '\0' + etag + '\0' + modified;
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
