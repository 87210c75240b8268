package dev.modelsigning.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a model is in an OCI registry, and what refers to it there.
 *
 * @param reference what was asked for, as {@code oci://HOST/REPOSITORY:TAG}
 * @param registry the host, with the port if it has one
 * @param repository the repository
 * @param tag the tag that was asked for; empty if only a digest was
 * @param digest the digest of the manifest that was signed or verified, {@code sha256:...}
 * @param attached what was attached to it now; empty when verifying
 * @param otherSignatures the number of other signatures of models that refer to it, which were not
 *     needed or are not by the required signer; empty when signing
 * @param otherReferrers the number of further manifests that refer to it, such as attestations;
 *     empty when signing
 */
public record RegistryPlace(
    String reference,
    String registry,
    String repository,
    Optional<String> tag,
    String digest,
    List<Attached> attached,
    OptionalInt otherSignatures,
    OptionalInt otherReferrers) {

  /** Copies the list. */
  public RegistryPlace {
    attached = List.copyOf(attached);
  }

  /**
   * Something that was attached.
   *
   * @param digest the digest of the manifest that refers to the model
   * @param predicateType the predicate type of the statement
   */
  public record Attached(String digest, String predicateType) {}
}
