package dev.modelsigning.bundle;

import java.nio.charset.StandardCharsets;

/**
 * A DSSE envelope (DSSE v1.0) with an in-toto statement and exactly one signature, as OMS and
 * Sigstore demand (OMS 6.7).
 *
 * @param payload the statement, as the bytes that were signed
 * @param signature the signature over the {@linkplain #pae(Bytes) encoding} of the payload
 */
public record Envelope(Bytes payload, Bytes signature) {

  /** The only payload type that is accepted. */
  public static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";

  /** Checks that neither part is empty. */
  public Envelope {
    if (payload.length() == 0 || signature.length() == 0) {
      throw new IllegalArgumentException("payload and signature must not be empty");
    }
  }

  /**
   * The Pre-Authentication Encoding of a payload: the bytes that are signed (DSSE protocol, {@code
   * PAE}). Lengths are numbers of bytes in decimal.
   */
  public static Bytes pae(Bytes payload) {
    byte[] prefix =
        ("DSSEv1 " + PAYLOAD_TYPE.length() + " " + PAYLOAD_TYPE + " " + payload.length() + " ")
            .getBytes(StandardCharsets.UTF_8);
    byte[] encoding = new byte[prefix.length + payload.length()];
    System.arraycopy(prefix, 0, encoding, 0, prefix.length);
    System.arraycopy(payload.shared(), 0, encoding, prefix.length, payload.length());
    return Bytes.wrap(encoding);
  }

  /** The bytes that this envelope's signature is over. */
  public Bytes pae() {
    return pae(payload);
  }
}
