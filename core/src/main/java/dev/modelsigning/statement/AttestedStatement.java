package dev.modelsigning.statement;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.signing.PayloadEncoding;
import dev.modelsigning.signing.VerifiedPayload;
import java.util.List;
import java.util.Optional;

/**
 * An in-toto statement by anybody about anything but the files of a model: an attestation, such as
 * provenance or a bill of materials. It is read more liberally than a {@link Statement}, as other
 * tools write older forms: Statement v0.1, and statements without a predicate. It is never a
 * signature of a model.
 *
 * @param form the value of {@code _type}: {@link Statement#TYPE} or {@link #V01}
 * @param subjects the subjects, at least one
 * @param predicateType the type of the predicate, not empty
 * @param predicate the predicate, a JSON object, as compact text; empty if there is none
 */
public record AttestedStatement(
    String form, List<Subject> subjects, String predicateType, Optional<String> predicate) {

  /** The value of {@code _type} of the older form (in-toto Statement v0.1). */
  public static final String V01 = "https://in-toto.io/Statement/v0.1";

  /** Copies the list. */
  public AttestedStatement {
    subjects = List.copyOf(subjects);
  }

  /**
   * Reads the statement that was signed.
   *
   * @throws MalformedBundleException if the payload is not an in-toto statement in JSON, or is the
   *     signature of a model
   */
  public static AttestedStatement read(VerifiedPayload verified) throws MalformedBundleException {
    if (verified.encoding() != PayloadEncoding.PAE) {
      throw new MalformedBundleException(
          "payload: the signature is over the encoding of model_signing 0.2, in which no attestation"
              + " was ever signed");
    }
    return read(verified.payload());
  }

  /**
   * Reads the statement in a bundle <em>without any verification of its signature</em>: anybody may
   * have written it. It is for display only.
   *
   * @throws MalformedBundleException as {@link #read(VerifiedPayload)} does
   */
  public static AttestedStatement readUnverified(Bundle bundle) throws MalformedBundleException {
    return read(bundle.envelope().payload());
  }

  /**
   * Whether a bundle holds the signature of a model, <em>without any verification</em>. It protects
   * such a file from being taken for one with claims.
   */
  public static boolean isSignatureOfModel(Bundle bundle) {
    return bundle.envelope().payload().type().equals(Payload.IN_TOTO)
        && StatementJson.isSignatureOfModel(bundle.envelope().payload().content());
  }

  private static AttestedStatement read(Payload payload) throws MalformedBundleException {
    if (!payload.type().equals(Payload.IN_TOTO)) {
      throw new MalformedBundleException(
          "bundle: dsseEnvelope.payloadType: expected '"
              + Payload.IN_TOTO
              + "', found "
              + Printable.quote(payload.type()));
    }
    return StatementJson.readAttested(payload.content());
  }
}
