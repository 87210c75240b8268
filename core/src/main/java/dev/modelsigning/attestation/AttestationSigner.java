package dev.modelsigning.attestation;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.statement.Predicate;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Signs attestations about verified models. Signers are immutable and may be used by several
 * threads if their {@link PayloadSigner} may.
 *
 * <pre>{@code
 * SignedPayload signed =
 *     AttestationSigner.using(KeySigner.load(Path.of("key.pem")))
 *         .sign(verifiedModel, "https://slsa.dev/provenance/v1", provenance);
 * ClaimsFile.append(Path.of("claims.jsonl"), signed.bundle());
 * }</pre>
 */
public final class AttestationSigner {

  private final PayloadSigner signer;

  private AttestationSigner(PayloadSigner signer) {
    this.signer = signer;
  }

  /** Returns a signer of attestations. */
  public static AttestationSigner using(PayloadSigner signer) {
    return new AttestationSigner(signer);
  }

  /**
   * Signs an attestation.
   *
   * @param model the model that it is about, whose signature was verified
   * @param predicateType the type of the predicate, a URI
   * @param predicate the predicate, a JSON object
   * @return the bundle, to be {@linkplain ClaimsFile#append appended} to a claims file, and its
   *     signer
   * @throws IOException if a required file or service cannot be reached
   * @throws SigningException if the signature cannot be made, the type is that of a model's
   *     signature, the predicate is not a JSON object, or the bundle would be larger than {@link
   *     ClaimsFile#MAX_CLAIM}
   */
  public SignedPayload sign(VerifiedModel model, String predicateType, String predicate)
      throws IOException, SigningException {
    SignedPayload signed = signer.sign(payload(model, predicateType, predicate));
    if (signed.bundle().toJson().length() > ClaimsFile.MAX_CLAIM) {
      throw new SigningException(
          "the attestation would be larger than "
              + ClaimsFile.MAX_CLAIM
              + " bytes, which no verifier reads; use a smaller predicate");
    }
    return signed;
  }

  private static Payload payload(VerifiedModel model, String predicateType, String predicate)
      throws IOException, SigningException {
    ModelSubject subject = ModelSubject.of(model);
    try {
      return new Statement(
              List.of(subject.toSubject()),
              predicateType,
              new Predicate.Other(Optional.of(predicate)))
          .toPayload();
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new SigningException("there is nothing to sign: " + e.getMessage(), e);
    }
  }
}
