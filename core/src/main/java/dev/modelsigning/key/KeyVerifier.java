package dev.modelsigning.key;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.PublicKeyIdentifier;
import dev.modelsigning.bundle.VerificationMaterial;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.keyfile.PublicKeyFile;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.KeyIdentity;
import dev.modelsigning.signing.PayloadEncoding;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.UnusableTrustException.Kind;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.EnvelopeSignature;
import dev.modelsigning.signingkey.VerifyingKey;
import java.io.IOException;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Verifies bundles that were signed with a bare private key, with its public key (OMS 8.2). The key
 * always comes from the user and never from the bundle. Verifiers are immutable and may be used by
 * several threads.
 */
public final class KeyVerifier implements BundleVerifier {

  private final VerifyingKey publicKey;

  /** Whether bundles may name the key as clients of Sigstore do. */
  private final boolean sigstoreNames;

  private KeyVerifier(VerifyingKey publicKey, boolean sigstoreNames) {
    this.publicKey = publicKey;
    this.sigstoreNames = sigstoreNames;
  }

  /**
   * Loads a public key.
   *
   * @param file a PEM file with a {@code PUBLIC KEY} on P-256, P-384 or P-521; text before it is
   *     skipped
   * @throws IOException if the file cannot be read
   * @throws UnusableTrustException if it contains no usable public key
   */
  public static KeyVerifier load(Path file) throws IOException, UnusableTrustException {
    return using(PublicKeyFile.read(file));
  }

  /**
   * Returns a verifier for a public key.
   *
   * @throws UnusableTrustException if the key is not on P-256, P-384 or P-521
   */
  public static KeyVerifier using(PublicKey publicKey) throws UnusableTrustException {
    try {
      return using(VerifyingKey.of(publicKey));
    } catch (InvalidKeyException e) {
      throw new UnusableTrustException(Kind.KEY, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Returns a verifier for a public key of any scheme; OMS defines those of {@link EcdsaScheme}
   * only.
   */
  public static KeyVerifier using(VerifyingKey publicKey) {
    return new KeyVerifier(publicKey, false);
  }

  @Override
  public VerifiedPayload verify(Bundle bundle) throws VerificationException {
    List<Finding> findings = new ArrayList<>();
    requireThisKey(bundle.verificationMaterial(), findings);
    PayloadEncoding encoding =
        EnvelopeSignature.requireBy(publicKey, bundle.envelope(), "this key");
    notOms(publicKey).ifPresent(findings::add);
    if (!bundle.tlogEntries().isEmpty() || !bundle.rfc3161Timestamps().isEmpty()) {
      findings.add(
          Finding.of(
              Rules.EXTRAS_NOT_VERIFIED,
              "log entries and time stamps in the bundle were not verified"));
    }
    return VerifiedPayload.assertion(
        bundle.envelope().payload(), encoding, identity(publicKey), List.of(), findings);
  }

  /** The fingerprint of the key. */
  @Override
  public Map<String, List<String>> expected() {
    return Map.of("fingerprint", List.of("sha256:" + publicKey.fingerprint()));
  }

  /**
   * The verifier for attestations. Clients of Sigstore, such as cosign, name the same key in
   * another form, which it takes too.
   */
  @Override
  public KeyVerifier forAttestations() {
    return new KeyVerifier(publicKey, true);
  }

  private void requireThisKey(VerificationMaterial material, List<Finding> findings)
      throws VerificationException {
    if (!(material instanceof PublicKeyIdentifier identifier)) {
      throw new VerificationException(
          Reason.WRONG_METHOD,
          "the bundle was signed with a certificate, not with a bare key:"
              + " expected verificationMaterial.publicKey (OMS 4.1)");
    }
    if (!identifier.isPresent()) {
      findings.add(
          Finding.of(
              Rules.KEY_NOT_NAMED,
              "the bundle does not name its key, as bundles before OMS 1.1 could;"
                  + " sign the model anew to add it"));
    } else if (!publicKey.isNamedBy(identifier)
        && !(sigstoreNames && publicKey.isNamedAsBySigstore(identifier))) {
      if (identifier.hint().isPresent() && identifier.rawBytes().isPresent()) {
        throw new VerificationException(
            Reason.WRONG_KEY,
            "publicKey.hint and publicKey.rawBytes do not both name the key that was given"
                + " (OMS 4.1)");
      }
      throw new VerificationException(
          Reason.WRONG_KEY,
          "the bundle was signed with another key: the one given has the fingerprint "
              + publicKey.fingerprint()
              + ", the bundle names "
              + Printable.quote(VerifyingKey.claimedFingerprint(identifier).orElse(""))
              + " (OMS 4.1)");
    }
  }

  /** The finding about signatures of a key whose scheme OMS does not have. */
  static Optional<Finding> notOms(VerifyingKey key) {
    return key.scheme() instanceof EcdsaScheme
        ? Optional.empty()
        : Optional.of(
            Finding.of(
                Rules.NOT_OMS,
                "the signature is not one of OMS v1.0, which does not have "
                    + key.scheme().name()
                    + ", so other clients cannot verify it; rely on the signature with an"
                    + " elliptic-curve key too (OMS 4.2)"));
  }

  static KeyIdentity identity(VerifyingKey key) {
    return new KeyIdentity(key.fingerprint(), key.scheme().name());
  }
}
