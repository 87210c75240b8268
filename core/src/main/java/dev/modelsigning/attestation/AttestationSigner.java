package dev.modelsigning.attestation;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.statement.Predicate;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.statement.Subject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Signs attestations about verified models. Signers are immutable and may be used by several
 * threads if their {@link PayloadSigner} may.
 *
 * <pre>{@code
 * VerifiedModel verified =
 *     ModelVerifier.using(KeyVerifier.load(Path.of("key.pub"))).verify(model, signature);
 * SignedPayload signed =
 *     AttestationSigner.using(KeySigner.load(Path.of("key.pem")))
 *         .sign(verified, "https://bank.example/review/v1", "{\"approved\": true}");
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
    return sign(model, predicateType, predicate, List.of()).get(0);
  }

  /**
   * Signs an attestation, and the same predicate about other subjects in statements of their own,
   * in one session.
   *
   * @param model the model that it is about, whose signature was verified
   * @param predicateType the type of the predicate, a URI
   * @param predicate the predicate, a JSON object
   * @param others the other subjects, such as the manifest of the model in a registry
   * @return the attestation about the model, then those about the others in their order
   * @throws IOException if a required file or service cannot be reached
   * @throws SigningException as for the model alone
   */
  public List<SignedPayload> sign(
      VerifiedModel model, String predicateType, String predicate, List<Subject> others)
      throws IOException, SigningException {
    List<Payload> payloads = new ArrayList<>();
    payloads.add(payload(ModelSubject.of(model).toSubject(), predicateType, predicate));
    for (Subject other : others) {
      payloads.add(payload(other, predicateType, predicate));
    }
    List<SignedPayload> all = signer.sign(payloads);
    for (SignedPayload signed : all) {
      if (signed.bundle().toJson().length() > ClaimsFile.MAX_CLAIM) {
        throw new SigningException(
            "the attestation would be larger than "
                + ClaimsFile.MAX_CLAIM
                + " bytes, which no verifier reads; use a smaller predicate");
      }
    }
    return all;
  }

  private static Payload payload(Subject subject, String predicateType, String predicate)
      throws SigningException {
    try {
      return new Statement(
              List.of(subject), predicateType, new Predicate.Other(Optional.of(predicate)))
          .toPayload();
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new SigningException("there is nothing to sign: " + e.getMessage(), e);
    }
  }
}
