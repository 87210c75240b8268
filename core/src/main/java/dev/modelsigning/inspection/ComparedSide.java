package dev.modelsigning.inspection;

import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.signing.VerificationTime;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.statement.Statement;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One of two that are compared.
 *
 * @param kind what it is
 * @param location where it is, as people are shown it
 * @param model the name of the model; empty if a signature in the old form does not say
 * @param manifest the files, by its signer or by what was read
 * @param signature size and digest of the signature file; empty of a model
 * @param claims who is said to have signed; empty of a model, and of a signature that was verified
 * @param verified who signed; empty if that was not verified
 * @param bytes the length of all files, together; empty of a signature
 * @param uncovered what is in the model and was not compared; empty of a signature
 * @param findings what a reader should know
 */
public record ComparedSide(
    Kind kind,
    String location,
    Optional<String> model,
    Manifest manifest,
    Optional<SignatureFile> signature,
    Optional<SignerClaims> claims,
    Optional<VerifiedPayload> verified,
    OptionalLong bytes,
    List<UncoveredEntry> uncovered,
    List<Finding> findings) {

  /** What can be compared. */
  public enum Kind {
    /** A signature file: its files are those that it lists. */
    SIGNATURE,
    /** A model, of which all files were read. */
    MODEL
  }

  /**
   * A signature file.
   *
   * @param size its length in bytes
   * @param sha256 its SHA-256, in lower-case hexadecimal
   */
  public record SignatureFile(long size, String sha256) {}

  /** Copies the lists. */
  public ComparedSide {
    uncovered = List.copyOf(uncovered);
    findings = List.copyOf(findings);
  }

  static ComparedSide claimed(Inspection inspection, Manifest manifest) {
    return signature(
        inspection.file(),
        inspection.statement().flatMap(Statement::modelName),
        manifest,
        Optional.of(inspection.signer()),
        Optional.empty());
  }

  static ComparedSide verified(
      StoredBundle file, VerifiedPayload payload, Statement statement, Manifest manifest) {
    return signature(file, statement.modelName(), manifest, Optional.empty(), Optional.of(payload));
  }

  private static ComparedSide signature(
      StoredBundle file,
      Optional<String> model,
      Manifest manifest,
      Optional<SignerClaims> claims,
      Optional<VerifiedPayload> payload) {
    return new ComparedSide(
        Kind.SIGNATURE,
        file.file().toString(),
        model,
        manifest,
        Optional.of(new SignatureFile(file.size(), file.sha256())),
        claims,
        payload,
        OptionalLong.empty(),
        List.of(),
        payload.map(VerifiedPayload::findings).orElse(List.of()));
  }

  static ComparedSide of(String location, HashedModel model) {
    return new ComparedSide(
        Kind.MODEL,
        location,
        Optional.of(model.name()),
        model.manifest(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.of(model.bytes()),
        model.uncovered(),
        model.findings());
  }

  /** The times that verification went by. */
  public List<VerificationTime> times() {
    return verified.map(VerifiedPayload::times).orElse(List.of());
  }
}
