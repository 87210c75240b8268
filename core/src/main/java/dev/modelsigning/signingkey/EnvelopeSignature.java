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
 * Verifies that an envelope was signed with a key (OMS 8.2): the only code that knows the encodings
 * a signature can cover.
 */
public final class EnvelopeSignature {

  /** The predicate type for which signatures over the old encoding are accepted. */
  public static final String OLD_PREDICATE_TYPE = "https://model_signing/Digests/v0.1";

  private static final String STATEMENT_TYPE = "https://in-toto.io/Statement/v1";

  /** A limit for parsing: the old format existed only with payloads of limited size. */
  private static final long MAX_TOKENS = 20_000_000;

  private EnvelopeSignature() {}

  /**
   * Verifies the signature of an envelope and returns the encoding that it covers: the
   * Pre-Authentication Encoding. If the payload claims the old format, the old encoding is accepted
   * too, with SHA-256 for every curve.
   *
   * @throws InvalidSignatureException if the signature does not verify with this key over this
   *     payload, or the key cannot be used
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
      key.verify(scheme, encoding, envelope.signature(), "SHA-256");
    }
  }

  /**
   * Requires that an envelope was signed with a key.
   *
   * @param keyName names the key in the message, such as {@code "this key"}
   * @return the encoding of the payload that the signature covers
   * @throws VerificationException if it was not
   */
  public static PayloadEncoding requireBy(VerifyingKey key, Envelope envelope, String keyName)
      throws VerificationException {
    try {
      return by(key, envelope);
    } catch (InvalidSignatureException e) {
      throw new VerificationException(
          Reason.INVALID_SIGNATURE,
          e.getCause() == null
              ? "the signature does not verify with "
                  + keyName
                  + " over this payload (OMS 8.2)"
                  + otherLength(key, envelope)
              : "the signature cannot be verified: " + e.getMessage(),
          e);
    }
  }

  /** Why a signature cannot be one of this key: those of ML-DSA have one length each. */
  private static String otherLength(VerifyingKey key, Envelope envelope) {
    int found = envelope.signature().length();
    return key.scheme() instanceof MlDsaScheme scheme && scheme.signatureLength() != found
        ? ": it has "
            + found
            + " bytes, and those of "
            + scheme.name()
            + " have "
            + scheme.signatureLength()
        : "";
  }

  /**
   * Whether the payload claims the old format. This claim is not relied on: it only permits the old
   * encoding for this payload, and the statement is parsed again after its signature was verified.
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
      // Not the old format, so the signature remains invalid.
      return false;
    }
  }
}
