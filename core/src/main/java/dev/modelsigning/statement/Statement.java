package dev.modelsigning.statement;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.signing.PayloadEncoding;
import dev.modelsigning.signing.VerifiedPayload;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An in-toto Statement v1 (OMS 5, 6.6): a predicate about artifacts.
 *
 * @param subjects the subjects, at least one; exactly one for a model (OMS 6.5)
 * @param predicateType the type of the predicate, a URI; that of the predicate's class if it has
 *     one
 * @param predicate the predicate
 */
public record Statement(List<Subject> subjects, String predicateType, Predicate predicate) {

  /** The value of {@code _type}. */
  public static final String TYPE = "https://in-toto.io/Statement/v1";

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if there is no subject, a model is not the only subject or has
   *     no name (OMS 6.5), or the type does not match the predicate
   */
  public Statement {
    subjects = List.copyOf(subjects);
    if (subjects.isEmpty()) {
      throw new IllegalArgumentException("a statement has at least one subject");
    }
    if (predicateType.isEmpty()
        || (predicate instanceof Predicate.SignatureV1)
            != predicateType.equals(Predicate.SignatureV1.TYPE)
        || (predicate instanceof Predicate.DigestsV01)
            != predicateType.equals(Predicate.DigestsV01.TYPE)) {
      throw new IllegalArgumentException(
          "the predicate is not one of the type " + Printable.quote(predicateType));
    }
    if (predicate instanceof Predicate.SignatureV1) {
      if (subjects.size() != 1) {
        throw new IllegalArgumentException("exactly one subject is a model (OMS 6.5)");
      }
      if (subjects.get(0).name().isEmpty()) {
        throw new IllegalArgumentException("the subject has a name that is not empty (OMS 6.5)");
      }
    }
  }

  /** Returns the statement about the files of a model that was hashed. */
  public static Statement about(HashedModel model) {
    return about(model.name(), model.manifest());
  }

  /**
   * Returns the statement about the files of a model (OMS 5.2, 6.5).
   *
   * @param name the name of the model, not empty
   * @param manifest its files, whose root digest is the subject's
   */
  public static Statement about(String name, Manifest manifest) {
    return new Statement(
        List.of(new Subject(name, digests(manifest))),
        Predicate.SignatureV1.TYPE,
        new Predicate.SignatureV1(manifest));
  }

  /**
   * Reads the statement that was signed.
   *
   * @throws MalformedBundleException if the payload is not an in-toto statement in JSON, or is one
   *     about a model whose root digest does not match its resources
   */
  public static Statement read(VerifiedPayload verified) throws MalformedBundleException {
    Statement statement = read(verified.payload());
    if (verified.encoding() == PayloadEncoding.DIGESTS_V0_1
        && !(statement.predicate() instanceof Predicate.DigestsV01)) {
      throw new MalformedBundleException(
          "payload: predicateType: expected '"
              + Predicate.DigestsV01.TYPE
              + "', which alone was signed in the old encoding, found "
              + Printable.quote(statement.predicateType()));
    }
    return statement;
  }

  /**
   * Reads the statement in a bundle <em>without any verification of its signature</em>: anybody may
   * have written it. It is for display only.
   *
   * @throws MalformedBundleException as {@link #read(VerifiedPayload)} does
   */
  public static Statement readUnverified(Bundle bundle) throws MalformedBundleException {
    return read(bundle.envelope().payload());
  }

  private static Statement read(Payload payload) throws MalformedBundleException {
    if (!payload.type().equals(Payload.IN_TOTO)) {
      throw new MalformedBundleException(
          "bundle: dsseEnvelope.payloadType: expected '"
              + Payload.IN_TOTO
              + "', found "
              + Printable.quote(payload.type())
              + " (OMS 6.7)");
    }
    return StatementJson.read(payload.content());
  }

  /**
   * Returns the files of the model.
   *
   * @throws MalformedBundleException if the statement is not about the files of a model
   */
  public Manifest manifest() throws MalformedBundleException {
    if (predicate instanceof Predicate.SignatureV1 signature) {
      return signature.manifest();
    }
    if (predicate instanceof Predicate.DigestsV01 digests) {
      return digests.manifest();
    }
    throw new MalformedBundleException(
        "payload: predicateType: expected '"
            + Predicate.SignatureV1.TYPE
            + "', found "
            + Printable.quote(predicateType)
            + " (OMS 8.3)");
  }

  /** The name of the model; empty in the old format, which has none. */
  public Optional<String> modelName() {
    return predicate instanceof Predicate.SignatureV1
        ? Optional.of(subjects.get(0).name())
        : Optional.empty();
  }

  /**
   * Returns the statement as JSON, to be signed. Equal statements give equal bytes, which are
   * produced each time they are read.
   *
   * @throws IllegalStateException if the statement has an old format, which must not be written, or
   *     could not be read again: the digest of a model's subject is not the root digest of its
   *     files (OMS 6.5.1), a predicate is not a JSON object, a subject has no digest
   */
  public Payload toPayload() {
    if (predicate instanceof Predicate.DigestsV01) {
      throw new IllegalStateException("statements of the old form are only read: " + predicateType);
    }
    if (predicate instanceof Predicate.SignatureV1 signature
        && !subjects.get(0).digests().equals(digests(signature.manifest()))) {
      throw new IllegalStateException(
          "the digest of the subject is not the root digest of its files (OMS 6.5.1)");
    }
    Payload payload =
        Payload.inToto(
            Bytes.produced(
                out -> JsonWriter.document(out, json -> StatementJson.write(this, json))));
    if (predicate instanceof Predicate.Other) {
      requireReadable(payload);
    }
    return payload;
  }

  /** The text of another predicate is written unchanged, so it could be anything. */
  private static void requireReadable(Payload payload) {
    try {
      read(payload);
    } catch (MalformedBundleException e) {
      throw new IllegalStateException(
          "the predicate, or a subject, would not be read again: " + e.getMessage(), e);
    }
  }

  private static Map<String, String> digests(Manifest manifest) {
    return Map.of("sha256", manifest.rootDigest().hex());
  }
}
