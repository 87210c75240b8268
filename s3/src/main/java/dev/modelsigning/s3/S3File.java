package dev.modelsigning.s3;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * A single object that is read into memory or written at once: a signature, a file with claims. It
 * is replaced only if it is still the one that was there when it was opened.
 */
public final class S3File implements AutoCloseable {

  private static final int BLOCK = 64 * 1024;

  private final S3Store store;
  private final S3Reference reference;
  private final Optional<S3Object> object;

  private S3File(S3Store store, S3Reference reference, Optional<S3Object> object) {
    this.store = store;
    this.reference = reference;
    this.object = object;
  }

  /**
   * Looks for an object.
   *
   * @throws IOException if it cannot be found out whether it exists
   * @throws IllegalArgumentException if the reference can only be that of a prefix
   */
  public static S3File open(S3Reference reference, S3Options options) throws IOException {
    if (reference.directory()) {
      throw new IllegalArgumentException(
          reference
              + " is a prefix; expected the name of an object, as in "
              + reference
              + "model.sig");
    }
    S3Store store = S3Store.of(reference.bucket(), options);
    try {
      return new S3File(store, reference, store.find(reference.key()));
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** Whether it exists. */
  public boolean exists() {
    return object.isPresent();
  }

  /**
   * Reads it.
   *
   * @param most the greatest number of bytes
   * @throws IOException if it does not exist, is longer, cannot be read, or is another one by now
   */
  public byte[] read(long most) throws IOException {
    S3Object found =
        object.orElseThrow(
            () -> new NoSuchFileException(reference.toString(), null, "there is no such object"));
    if (found.size() > most) {
      throw new FileSystemException(
          reference.toString(), null, "expected at most " + most + " bytes, has " + found.size());
    }
    ByteArrayOutputStream content = new ByteArrayOutputStream(Math.toIntExact(found.size()));
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    try (ReadableByteChannel channel = found.open(0, found.size())) {
      while (channel.read(block) >= 0) {
        content.write(block.array(), 0, block.position());
        block.clear();
      }
    }
    return content.toByteArray();
  }

  /**
   * Writes it.
   *
   * @throws IOException if that fails, or somebody else has written it since it was opened
   */
  public void write(byte[] content) throws IOException {
    store.write(reference.key(), content, object);
  }

  @Override
  public void close() {
    store.close();
  }
}
