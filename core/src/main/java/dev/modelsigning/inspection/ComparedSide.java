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
 * One of the two inputs of a comparison.
 *
 * @param kind its kind
 * @param location where it is, for display
 * @param model the name of the model; empty if a signature in the old format does not state it
 * @param manifest the files, as stated by the signer or as read
 * @param signature size and digest of the signature file; empty for a model
 * @param claims the claimed signer; empty for a model, and for a signature that was verified
 * @param verified the verified signer; empty if the signature was not verified
 * @param bytes the total length of all files; empty for a signature
 * @param uncovered the entries of the model that were not compared; empty for a signature
 * @param findings findings for the reader
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
    /** A signature file: the files are those in its manifest. */
    SIGNATURE,
    /** A model, all of whose files were read. */
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
        file.location(),
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

  /** The times at which certificates were validated. */
  public List<VerificationTime> times() {
    return verified.map(VerifiedPayload::times).orElse(List.of());
  }
}
