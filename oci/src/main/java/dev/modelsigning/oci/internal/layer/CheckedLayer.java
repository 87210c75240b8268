package dev.modelsigning.oci.internal.layer;

import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.reference.OciDigest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The bytes of a layer, read from the first to the last. At their end their number and their digest
 * are compared with the descriptor's, so nothing that was read before counts unless the end was
 * reached.
 */
final class CheckedLayer extends FilterInputStream {

  private final Descriptor blob;
  private final MessageDigest digest;
  private long read;
  private boolean proved;

  /**
   * Creates a stream.
   *
   * @param in the layer; closed with this
   * @param blob what it must be
   */
  CheckedLayer(InputStream in, Descriptor blob) {
    super(in);
    this.blob = blob;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int number = in.read(into, offset, length);
    if (number > 0) {
      read += number;
      if (read > blob.size()) {
        throw new UnusableLayerException("expected " + blob.size() + " bytes, found more");
      }
      digest.update(into, offset, number);
    } else if (number < 0) {
      prove();
    }
    return number;
  }

  private void prove() throws IOException {
    if (proved) {
      return;
    }
    if (read != blob.size()) {
      throw new UnusableLayerException("expected " + blob.size() + " bytes, found " + read);
    }
    OciDigest found = OciDigest.ofHash(digest.digest());
    if (!found.equals(blob.digest())) {
      throw new UnusableLayerException(
          "its bytes have the digest "
              + found
              + "; the registry or something before it is broken,"
              + " or someone changed them");
    }
    proved = true;
  }

  /** Reads what is left, and requires that all of it was right. */
  void finish() throws IOException {
    byte[] rest = new byte[8192];
    while (read(rest, 0, rest.length) >= 0) {
      // The end proves the digest.
    }
  }

  /** Skipped bytes would not be hashed. */
  @Override
  public long skip(long number) throws IOException {
    byte[] rest = new byte[(int) Math.min(8192, Math.max(0, number))];
    int skipped = rest.length == 0 ? 0 : read(rest, 0, rest.length);
    return Math.max(0, skipped);
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
