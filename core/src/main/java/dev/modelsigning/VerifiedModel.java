package dev.modelsigning;

import dev.modelsigning.bundle.Statement;
import dev.modelsigning.manifest.UncoveredEntry;
import java.nio.file.Path;
import java.util.List;

/**
 * A model that is what its signer signed. It exists only after everything was verified: the
 * signature, the statement and every listed file (OMS 8).
 *
 * @param model the model's directory or file
 * @param signer who signed it
 * @param times the times that verification went by, the earliest first; none where the method has
 *     none and the bundle no verified time stamp
 * @param statement what was signed
 * @param files number of files that were hashed and found unchanged
 * @param bytes their length in bytes, together
 * @param uncovered what is in the model's directory and not covered by the signature, and by whose
 *     rule that is no failure
 * @param warnings what a reader of the verdict should know
 */
public record VerifiedModel(
    Path model,
    SignerIdentity signer,
    List<VerificationTime> times,
    Statement statement,
    long files,
    long bytes,
    List<UncoveredEntry> uncovered,
    List<String> warnings) {

  /** Copies the lists. */
  public VerifiedModel {
    times = List.copyOf(times);
    uncovered = List.copyOf(uncovered);
    warnings = List.copyOf(warnings);
  }
}
