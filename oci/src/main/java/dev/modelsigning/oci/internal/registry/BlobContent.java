package dev.modelsigning.oci.internal.registry;

import java.io.IOException;
import java.io.InputStream;

/** The content of a blob that is pushed; it can be opened more than once. */
public interface BlobContent {

  /** The number of bytes. */
  long size();

  /**
   * Opens the content.
   *
   * @param from the offset of the first byte to read, at most the size
   * @throws IOException if it cannot be read
   */
  InputStream open(long from) throws IOException;

  /** The content of bytes in memory. */
  static BlobContent of(byte[] bytes) {
    return new BytesContent(bytes);
  }
}
