package dev.modelsigning.signingkey;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.signing.PayloadEncoding;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import java.util.Map;
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
   * Which encoding of its payload the signature of an envelope is over: the Pre-Authentication
   * Encoding. Where the payload says that it is of the old form, the old encoding is accepted too,
   * which was hashed by SHA-256 on every curve.
   *
   * @throws InvalidSignatureException if it is not a signature by this key over this payload, or
   *     the key cannot be used
   */
  public static PayloadEncoding by(VerifyingKey key, Envelope envelope)
      throws InvalidSignatureException {
    Payload payload = envelope.payload();
    try {
      key.verify(payload.pae(), envelope.signature());
      return PayloadEncoding.PAE;
    } catch (InvalidSignatureException e) {
      if (e.getCause() != null
          || !(key.scheme() instanceof EcdsaScheme ecdsa)
          || !claimsOldForm(payload)) {
        throw e;
      }
      requireOldForm(ecdsa, key, envelope);
      return PayloadEncoding.DIGESTS_V0_1;
    }
  }

  private static void requireOldForm(EcdsaScheme scheme, VerifyingKey key, Envelope envelope)
      throws InvalidSignatureException {
    Bytes encoding = LegacyEncoding.of(envelope.payload());
    try {
      key.verify(encoding, envelope.signature());
    } catch (InvalidSignatureException e) {
      scheme.verify(key.publicKey(), encoding, envelope.signature(), "SHA-256");
    }
  }

  /**
   * Requires that an envelope was signed with a key.
   *
   * @param ofWhom whose key it is, for the message, such as {@code "of this key"}
   * @return which encoding of the payload the signature is over
   * @throws VerificationException if it was not
   */
  public static PayloadEncoding requireBy(VerifyingKey key, Envelope envelope, String ofWhom)
      throws VerificationException {
    try {
      return by(key, envelope);
    } catch (InvalidSignatureException e) {
      throw new VerificationException(
          Reason.INVALID_SIGNATURE,
          e.getCause() == null
              ? "the signature is not one " + ofWhom + " over this payload (OMS 8.2)"
              : "the signature cannot be verified: " + e.getMessage(),
          e);
    }
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
