package dev.modelsigning.sigstore.internal.data;

import dev.modelsigning.bundle.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Writes PEM (RFC 7468). */
public final class Pem {

  private static final int LINE_LENGTH = 64;

  private Pem() {}

  /**
   * Returns a block with lines of 64 characters.
   *
   * @param label the type of its content, such as {@code CERTIFICATE}
   */
  public static Bytes block(String label, byte[] der) {
    byte[] lineFeed = {'\n'};
    String pem =
        "-----BEGIN "
            + label
            + "-----\n"
            + Base64.getMimeEncoder(LINE_LENGTH, lineFeed).encodeToString(der)
            + "\n-----END "
            + label
            + "-----\n";
    return Bytes.of(pem.getBytes(StandardCharsets.US_ASCII));
  }
}
