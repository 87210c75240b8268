package dev.modelsigning.bundle;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPublicKey;

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

  /**
   * Whether the signature is one by the owner of a key over the payload: ECDSA with the hash that
   * belongs to the curve, over the Pre-Authentication Encoding (OMS 8.2). Where the payload says
   * that it is of the old form {@link PredicateType#DIGESTS_V0_1}, the old encoding is accepted
   * too, which was hashed by SHA-256 on every curve.
   *
   * @throws GeneralSecurityException if the key cannot be used
   */
  public boolean isSignedBy(ECPublicKey key) throws GeneralSecurityException {
    SignatureAlgorithm algorithm = SignatureAlgorithm.of(key);
    if (algorithm.verify(key, pae(), signature)) {
      return true;
    }
    if (!claimsOldForm()) {
      return false;
    }
    Bytes encoding = LegacyEncoding.of(payload);
    return algorithm.verify(key, encoding, signature)
        || algorithm.verify(key, encoding, signature, "SHA-256");
  }

  /**
   * Whether the payload says that it is of the old form. Nothing is believed by this: it opens the
   * way to the old encoding of just this payload, and the statement is read again once its
   * signature was verified.
   */
  private boolean claimsOldForm() {
    if (payload.length() > LegacyEncoding.MAX_PAYLOAD) {
      return false;
    }
    try {
      return StatementJson.predicateType(payload) == PredicateType.DIGESTS_V0_1;
    } catch (MalformedBundleException e) {
      // Whatever it is, it is not of the old form, so its signature stays what it was found: wrong.
      return false;
    }
  }
}
