package dev.modelsigning.s3;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Optional;

/**
 * A single object that is read into memory or written at once: a signature, a file with claims. It
 * is replaced only if it is still the one that was there when it was opened.
 */
public final class S3File implements AutoCloseable {

  private final S3Store store;
  private final S3Reference reference;
  private Optional<S3Object> object;

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

  /** Where it is. */
  public S3Reference reference() {
    return reference;
  }

  /** The address of the store, if it was named by the user or the environment. */
  public Optional<URI> namedEndpoint() {
    return store.named();
  }

  /** Its length in bytes; 0 if it does not exist. */
  public long size() {
    return object.map(S3Object::size).orElse(0L);
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
    S3Object found = object.orElseThrow(this::absent);
    if (found.size() > most) {
      throw new FileSystemException(
          reference.toString(), null, "expected at most " + most + " bytes, has " + found.size());
    }
    return read(found, found.size());
  }

  /**
   * Reads its first bytes.
   *
   * @param most their greatest number
   * @throws IOException if it does not exist, cannot be read, or is another one by now
   */
  public byte[] readBeginning(int most) throws IOException {
    S3Object found = object.orElseThrow(this::absent);
    return read(found, Math.min(most, found.size()));
  }

  private NoSuchFileException absent() {
    return new NoSuchFileException(reference.toString(), null, "there is no such object");
  }

  private byte[] read(S3Object found, long length) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(length));
    if (length == 0) {
      return content.array();
    }
    try (ReadableByteChannel channel = found.open(0, length)) {
      while (content.hasRemaining()) {
        if (channel.read(content) < 0) {
          throw new FileSystemException(reference.toString(), null, "is shorter than it was");
        }
      }
    }
    return content.array();
  }

  /** Whether it has this content. */
  private boolean has(byte[] content) throws IOException {
    return object.isPresent()
        && object.get().size() == content.length
        && Arrays.equals(read(content.length), content);
  }

  /**
   * Looks for the object again: after that, it is read and replaced in the version that is there
   * now.
   *
   * @throws IOException if it cannot be found out whether it exists
   */
  public void lookAgain() throws IOException {
    object = store.find(reference.key());
  }

  /**
   * Finds an object beside which this one cannot be: one whose key, with a slash, begins the key of
   * this one, or one below this one. A file system could not hold both, and a reference to the
   * upper one would no longer say which of them is meant. Objects about which the store does not
   * answer for lack of rights are not found.
   *
   * @return the object, for display; empty if there is none
   * @throws IOException if that cannot be found out
   */
  public Optional<String> obstacle() throws IOException {
    String key = reference.key();
    for (int slash = key.indexOf('/'); slash >= 0; slash = key.indexOf('/', slash + 1)) {
      String above = key.substring(0, slash);
      try {
        if (store.find(above).isPresent()) {
          return Optional.of(store.locate(above));
        }
      } catch (S3Failure.DeniedException e) {
        // Whether it exists is not for these credentials to know.
      }
    }
    String below = reference.prefix();
    try {
      S3Store.Page page = store.list(below, below.length(), Optional.empty(), 1);
      return page.objects().stream()
          .map(S3Object::key)
          .findFirst()
          .or(() -> page.directories().stream().findFirst())
          .map(store::locate);
    } catch (S3Failure.DeniedException e) {
      return Optional.empty();
    }
  }

  /**
   * Writes it.
   *
   * @throws ObjectChangedException if somebody else has written it since it was opened
   * @throws IOException if that fails
   */
  public void write(byte[] content) throws IOException {
    try {
      store.write(reference.key(), content, object);
    } catch (ObjectChangedException e) {
      // A request whose answer was lost is repeated, and then finds what it wrote itself.
      lookAgain();
      if (!has(content)) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
