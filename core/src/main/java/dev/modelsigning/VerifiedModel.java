package dev.modelsigning;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.VerificationTime;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.statement.Statement;
import java.util.List;

/**
 * A model that is what its signer signed. Having one is the proof: only {@link ModelVerifier} makes
 * it, after everything was verified: the signature, the statement and every listed file (OMS 8).
 */
public final class VerifiedModel {

  private final ModelSource model;
  private final VerifiedPayload payload;
  private final Statement statement;
  private final Manifest manifest;
  private final long files;
  private final long bytes;
  private final List<UncoveredEntry> uncovered;
  private final List<Finding> findings;

  VerifiedModel(
      ModelSource model,
      VerifiedPayload payload,
      Statement statement,
      Manifest manifest,
      long files,
      long bytes,
      List<UncoveredEntry> uncovered,
      List<Finding> findings) {
    this.model = model;
    this.payload = payload;
    this.statement = statement;
    this.manifest = manifest;
    this.files = files;
    this.bytes = bytes;
    this.uncovered = List.copyOf(uncovered);
    this.findings = List.copyOf(findings);
  }

  /** Where the model is. */
  public ModelSource model() {
    return model;
  }

  /** Who signed it. */
  public SignerIdentity signer() {
    return payload.signer();
  }

  /**
   * The times at which certificates were validated, or at which the signature is known to have
   * existed, the earliest first; none where the method has none and the bundle no verified time
   * stamp.
   */
  public List<VerificationTime> times() {
    return payload.times();
  }

  /** What was signed. */
  public Statement statement() {
    return statement;
  }

  /** The files that were signed. */
  public Manifest manifest() {
    return manifest;
  }

  /** Number of files that were hashed and found unchanged. */
  public long files() {
    return files;
  }

  /** Their length in bytes, together. */
  public long bytes() {
    return bytes;
  }

  /**
   * What is in the model's directory and not covered by the signature, and by whose rule that is no
   * failure.
   */
  public List<UncoveredEntry> uncovered() {
    return uncovered;
  }

  /** What a reader of the verdict should know. */
  public List<Finding> findings() {
    return findings;
  }
}
