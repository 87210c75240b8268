package dev.modelsigning.oci.internal.registry;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** A small blob in memory. */
final class BytesContent implements BlobContent {

  private final byte[] bytes;

  BytesContent(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public InputStream open(long from) {
    return new ByteArrayInputStream(bytes, (int) from, bytes.length - (int) from);
  }
}
