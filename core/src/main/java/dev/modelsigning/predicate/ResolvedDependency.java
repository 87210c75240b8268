package dev.modelsigning.predicate;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.internal.build.SafeUri;
import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.model.Digest;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.signing.CertificateIdentity;
import dev.modelsigning.signing.KeylessIdentity;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.statement.Statement;
import java.util.Optional;

/**
 * A model or dataset from which a model was made, identified by its OMS root digest (OMS 6.5.1).
 *
 * @param role what it was for the model
 * @param name its name, not empty
 * @param uri where it comes from: a URI with a scheme, without user and password; empty if unknown
 * @param rootDigest its root digest, SHA-256
 * @param signer who signed this root digest, by a signature that was verified; empty if its files
 *     were only hashed
 */
public record ResolvedDependency(
    Role role,
    String name,
    Optional<String> uri,
    Digest rootDigest,
    Optional<SignerIdentity> signer) {

  /** What it was for the model. */
  public enum Role {
    /** The model from which it was derived. */
    BASE_MODEL("base-model"),
    /** A dataset with which it was trained or tested. */
    DATASET("dataset");

    private final String code;

    Role(String code) {
      this.code = code;
    }

    /** Its name in JSON. */
    public String code() {
      return code;
    }
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the name is empty, the URI has no scheme or has
   *     credentials, or the digest is not one of SHA-256
   */
  public ResolvedDependency {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("the name of a dependency must not be empty");
    }
    if (rootDigest.algorithm() != HashAlgorithm.SHA256) {
      throw new IllegalArgumentException("a root digest is one of SHA-256 (OMS 6.5.1)");
    }
    uri.ifPresent(given -> SafeUri.require("the URI of the dependency", given));
  }

  /**
   * A model or dataset that was verified.
   *
   * @param name its name if the signature has none, as in the old format
   * @throws IllegalArgumentException if it was verified in part only
   */
  public static ResolvedDependency of(Role role, VerifiedModel verified, String name) {
    ModelBom.requireWhole(verified);
    return new ResolvedDependency(
        role,
        verified.statement().modelName().orElse(name),
        Optional.empty(),
        verified.manifest().rootDigest(),
        Optional.of(verified.signer()));
  }

  /**
   * A model or dataset whose signature was authenticated, while its files are elsewhere.
   *
   * @param authenticated what was signed
   * @param name its name if the statement has none, as in the old format
   * @throws MalformedBundleException if it is not a statement about the files of a model
   */
  public static ResolvedDependency of(Role role, VerifiedPayload authenticated, String name)
      throws MalformedBundleException {
    Statement signed = Statement.read(authenticated);
    return new ResolvedDependency(
        role,
        signed.modelName().orElse(name),
        Optional.empty(),
        signed.manifest().rootDigest(),
        Optional.of(authenticated.signer()));
  }

  /** A model or dataset that was hashed, and has no signature. */
  public static ResolvedDependency of(Role role, HashedModel hashed) {
    return new ResolvedDependency(
        role, hashed.name(), Optional.empty(), hashed.manifest().rootDigest(), Optional.empty());
  }

  /** Whether a signature over this root digest was verified. */
  public boolean isSigned() {
    return signer.isPresent();
  }

  /**
   * Who signed it, in one line: the method, the name, and what tells the signer from others of that
   * name.
   */
  public Optional<String> signedBy() {
    return signer.map(one -> {
      String named = one.method() + " " + one.name();
      if (one instanceof KeylessIdentity keyless) {
        return named + " (" + keyless.provider() + ")";
      }
      return one instanceof CertificateIdentity owner
          ? named + " (sha256:" + owner.certificate().fingerprint() + ")"
          : named;
    });
  }
}
