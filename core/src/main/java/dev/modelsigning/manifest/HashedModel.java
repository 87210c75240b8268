package dev.modelsigning.manifest;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.model.UncoveredEntry;
import java.util.List;

/**
 * A model that was enumerated and hashed, ready to be signed.
 *
 * @param name the name of the model (OMS 6.5)
 * @param manifest its files and digests, in canonical order
 * @param files number of files that were hashed
 * @param bytes their total length in bytes
 * @param uncovered the entries of the model's directory that are not in the manifest
 * @param findings findings for the signer, such as links that lead out of the model
 */
public record HashedModel(
    String name,
    Manifest manifest,
    long files,
    long bytes,
    List<UncoveredEntry> uncovered,
    List<Finding> findings) {

  /** Copies the lists. */
  public HashedModel {
    uncovered = List.copyOf(uncovered);
    findings = List.copyOf(findings);
  }
}
