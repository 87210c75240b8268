package dev.modelsigning.oci;

import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.oci.reference.OciDigest;
import java.util.Optional;

/**
 * A Sigstore bundle that refers to a model in a registry. Nothing of it was verified: anybody who
 * may write to the repository can have put it there.
 *
 * @param manifest the digest of the manifest that refers to the model
 * @param stored the bundle
 * @param predicateType what it says to be: the predicate type of its statement; empty if it has
 *     none that can be read
 * @param aboutManifest whether its statement says to be about the manifest in the registry, and
 *     about nothing else: such statements are for other programs
 * @param created when it says that it was made (RFC 3339), as in the manifest; empty if it does not
 * @param claimedSigner by whom it says to be signed, for messages: a key with its fingerprint, or
 *     what else the bundle has
 */
public record AttachedBundle(
    OciDigest manifest,
    StoredBundle stored,
    Optional<String> predicateType,
    boolean aboutManifest,
    Optional<String> created,
    String claimedSigner) {}
