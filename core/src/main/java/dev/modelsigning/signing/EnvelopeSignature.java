package dev.modelsigning.signing;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.bundle.SignatureAlgorithm;
import dev.modelsigning.json.JsonReader;
import dev.modelsigning.json.MalformedJsonException;
import dev.modelsigning.signing.VerificationException.Reason;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPublicKey;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether an envelope was signed with a key (OMS 8.2): the only place that knows what a signature
 * can be over.
 */
public final class EnvelopeSignature {

  /** The predicate type whose signatures can be over the old encoding. */
  public static final String OLD_PREDICATE_TYPE = "https://model_signing/Digests/v0.1";

  private static final String STATEMENT_TYPE = "https://in-toto.io/Statement/v1";

  /** The old form is only looked for in payloads of a size that it had. */
  private static final long MAX_TOKENS = 20_000_000;

  private EnvelopeSignature() {}

  /**
   * Which encoding of its payload the signature of an envelope is over, if it is one by a key:
   * ECDSA with the hash that belongs to the curve, over the Pre-Authentication Encoding. Where the
   * payload says that it is of the old form, the old encoding is accepted too, which was hashed by
   * SHA-256 on every curve.
   *
   * @return nothing if it is not a signature by this key over this payload
   * @throws GeneralSecurityException if the key cannot be used
   */
  public static Optional<PayloadEncoding> by(ECPublicKey key, Envelope envelope)
      throws GeneralSecurityException {
    SignatureAlgorithm algorithm = SignatureAlgorithm.of(key);
    Payload payload = envelope.payload();
    if (algorithm.verify(key, payload.pae(), envelope.signature())) {
      return Optional.of(PayloadEncoding.PAE);
    }
    if (!claimsOldForm(payload)) {
      return Optional.empty();
    }
    Bytes encoding = LegacyEncoding.of(payload);
    boolean valid =
        algorithm.verify(key, encoding, envelope.signature())
            || algorithm.verify(key, encoding, envelope.signature(), "SHA-256");
    return valid ? Optional.of(PayloadEncoding.DIGESTS_V0_1) : Optional.empty();
  }

  /**
   * Requires that an envelope was signed with a key.
   *
   * @param whose whose key it is, for the message, such as {@code "this key"}
   * @return which encoding of the payload the signature is over
   * @throws VerificationException if it was not
   */
  public static PayloadEncoding requireBy(ECPublicKey key, Envelope envelope, String whose)
      throws VerificationException {
    Optional<PayloadEncoding> encoding;
    try {
      encoding = by(key, envelope);
    } catch (GeneralSecurityException e) {
      throw new VerificationException(
          Reason.INVALID_SIGNATURE, "the signature cannot be verified: " + e.getMessage(), e);
    }
    return encoding.orElseThrow(() ->
        new VerificationException(
            Reason.INVALID_SIGNATURE,
            "the signature is not one by " + whose + " over this payload (OMS 8.2)"));
  }

  /**
   * Whether the payload says that it is of the old form. Nothing is believed by this: it opens the
   * way to the old encoding of just this payload, and the statement is read again once its
   * signature was verified.
   */
  private static boolean claimsOldForm(Payload payload) {
    if (!payload.type().equals(Payload.IN_TOTO)
        || payload.content().length() > LegacyEncoding.MAX_PAYLOAD) {
      return false;
    }
    try {
      Map<String, String> fields =
          JsonReader.read(
              "payload",
              payload.content().inputStream(),
              MAX_TOKENS,
              json -> json.strings(Set.of("_type", "predicateType")));
      return STATEMENT_TYPE.equals(fields.get("_type"))
          && OLD_PREDICATE_TYPE.equals(fields.get("predicateType"));
    } catch (MalformedJsonException e) {
      // Whatever it is, it is not of the old form, so its signature stays what it was found: wrong.
      return false;
    }
  }
}
