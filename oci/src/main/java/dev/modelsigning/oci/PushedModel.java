package dev.modelsigning.oci;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.oci.reference.OciDigest;
import dev.modelsigning.oci.reference.OciReference;
import java.util.List;
import java.util.Optional;

/**
 * A model that was pushed to a registry.
 *
 * @param reference the reference with the tag that leads to it now
 * @param digest the digest of its manifest
 * @param content the files of the model; without the signatures and claims that lay in it
 * @param layers the number of layers, one for each file
 * @param pushed what was sent to the registry
 * @param skipped what the registry had before
 * @param attached what refers to it
 * @param findings findings for whoever pushed it
 */
public record PushedModel(
    OciReference reference,
    OciDigest digest,
    HashedModel content,
    int layers,
    Blobs pushed,
    Blobs skipped,
    List<Attached> attached,
    List<Finding> findings) {

  /**
   * Blobs, each of which counts once.
   *
   * @param number how many
   * @param bytes their length together
   */
  public record Blobs(long number, long bytes) {}

  /**
   * A signature or claim that refers to the model.
   *
   * @param digest the digest of the bundle
   * @param predicateType the predicate type of its statement
   * @param source the file that it comes from, with the line of a claims file
   * @param manifest the digest of the manifest that refers to the model; empty if it was attached
   *     before
   */
  public record Attached(
      OciDigest digest, String predicateType, String source, Optional<OciDigest> manifest) {}

  /** Copies the lists. */
  public PushedModel {
    attached = List.copyOf(attached);
    findings = List.copyOf(findings);
  }
}
