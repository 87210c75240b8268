package dev.modelsigning.policy.internal.signer;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.PublicKeyIdentifier;
import dev.modelsigning.certificate.CertificateVerifier;
import dev.modelsigning.policy.internal.rules.IdentityExpression;
import dev.modelsigning.policy.internal.rules.SignerText;
import dev.modelsigning.policy.internal.rules.SignerText.Revocation;
import dev.modelsigning.report.FailureMessage;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.sigstore.IdentityPolicy;
import dev.modelsigning.sigstore.SigstoreVerifier;
import dev.modelsigning.sigstore.TrustRepository;
import dev.modelsigning.sigstore.TrustedRoot;
import dev.modelsigning.timestamp.TimestampVerifier;
import dev.modelsigning.timestamp.TimestampedVerifier;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A signer of a policy. Its trust files are opened when something is verified by it for the first
 * time, so those of signers that are not needed may be missing; if that fails, it is tried again
 * the next time. Instances may be used by several threads.
 */
public final class PolicySigner {

  private final SignerText text;
  private final Path directory;
  private final Clock clock;

  // Guarded by this.
  private @Nullable BundleVerifier verifier;
  private List<String> keys = List.of();
  private Set<String> schemes = Set.of();

  /**
   * Creates a signer.
   *
   * @param text what the policy says
   * @param directory the directory of the policy, below which relative paths must lead
   * @param clock the time at which certificates must be valid that no time stamp has a time for
   */
  public PolicySigner(SignerText text, Path directory, Clock clock) {
    this.text = text;
    this.directory = directory;
    this.clock = clock;
  }

  /** Its name in the policy. */
  public String name() {
    return text.name();
  }

  /** What the policy says. */
  public SignerText text() {
    return text;
  }

  /**
   * Verifies a signature over a model.
   *
   * @throws VerificationException if somebody else signed, or the signature is not trusted
   * @throws MalformedBundleException if a part of the bundle is malformed
   * @throws UnusableSignerException if the trust files of this signer cannot be used
   * @throws IOException if a service, such as one for revocation, cannot be reached
   */
  public VerifiedPayload verify(Bundle bundle)
      throws VerificationException, MalformedBundleException, UnusableSignerException, IOException {
    return verifier().verify(bundle);
  }

  /** Verifies the signature over an attestation, with the same trust and the same exceptions. */
  public VerifiedPayload verifyAttestation(Bundle bundle)
      throws VerificationException, MalformedBundleException, UnusableSignerException, IOException {
    return verifier().forAttestations().verify(bundle);
  }

  /**
   * Whether the method of a bundle can be that of this signer. If not, verification would fail
   * anyway, and its trust files are not needed.
   */
  public boolean hasMethodOf(Bundle bundle) {
    boolean key = bundle.verificationMaterial() instanceof PublicKeyIdentifier;
    if (text instanceof SignerText.Key) {
      return key;
    }
    return !key && (text instanceof SignerText.Certificate || !bundle.tlogEntries().isEmpty());
  }

  /**
   * The fingerprints by which the policy names it: of its keys of OMS, or of certificates. SHA-256
   * in lower-case hexadecimal; empty if it is named in another way.
   *
   * @throws UnusableSignerException if the key cannot be read
   */
  public List<String> fingerprints() throws UnusableSignerException {
    String prefix = "sha256:";
    return verifier().expected().getOrDefault("fingerprint", List.of()).stream()
        .map(one -> one.startsWith(prefix) ? one.substring(prefix.length()) : one)
        .toList();
  }

  /**
   * The fingerprints of all its keys, those that OMS does not have too: SHA-256 in lower-case
   * hexadecimal; empty if it has none.
   *
   * @throws UnusableSignerException if a key cannot be read
   */
  public synchronized List<String> keys() throws UnusableSignerException {
    verifier();
    return keys;
  }

  /**
   * The names of the schemes of all its keys, such as {@code ML-DSA-65}; empty if it has none.
   *
   * @throws UnusableSignerException if a key cannot be read
   */
  public synchronized Set<String> schemes() throws UnusableSignerException {
    verifier();
    return schemes;
  }

  /**
   * Opens the trust files, if that was not done before.
   *
   * @throws UnusableSignerException if one of them is missing, or cannot be used
   */
  public void open() throws UnusableSignerException {
    verifier();
  }

  private synchronized BundleVerifier verifier() throws UnusableSignerException {
    if (verifier == null) {
      try {
        for (Path file : text.files()) {
          requireBelow(file);
        }
        verifier = create();
      } catch (IOException | UnusableTrustException e) {
        // Not kept: what is missing now may be there at the next verification (AskedSigners).
        throw new UnusableSignerException(FailureMessage.of(e), e);
      }
    }
    return verifier;
  }

  /** A relative path must not lead out of the policy's directory by a link either. */
  private void requireBelow(Path file) throws IOException {
    if (file.startsWith(directory) && !file.toRealPath().startsWith(directory.toRealPath())) {
      throw new FileSystemException(
          file.toString(),
          null,
          "leads out of the directory of the policy by a link; name the file by its absolute path");
    }
  }

  private BundleVerifier create() throws IOException, UnusableTrustException {
    if (text instanceof SignerText.Key key) {
      OwnedKeys plain = OwnedKeys.load(key.publicKeys());
      keys = plain.fingerprints();
      schemes = plain.schemes();
      return key.timestamps().isEmpty()
          ? plain
          : TimestampedVerifier.using(
              plain, TimestampVerifier.load(key.timestamps()).withClock(clock));
    }
    if (text instanceof SignerText.Certificate certificate) {
      return create(certificate);
    }
    if (text instanceof SignerText.Keyless keyless) {
      return create(keyless);
    }
    throw new IllegalStateException("a kind of signer that is not known: " + text);
  }

  private BundleVerifier create(SignerText.Certificate certificate)
      throws IOException, UnusableTrustException {
    CertificateVerifier.Builder builder = CertificateVerifier.builder().clock(clock);
    for (Path file : certificate.trust()) {
      builder.trust(file);
    }
    if (!certificate.timestamps().isEmpty()) {
      builder.timestamps(TimestampVerifier.load(certificate.timestamps()).withClock(clock));
    }
    for (Path file : certificate.revocationLists()) {
      builder.revocationList(file);
    }
    certificate.identities().forEach(builder::identity);
    certificate.fingerprints().forEach(builder::fingerprint);
    boolean online =
        certificate.revocation() != Revocation.NOT_CHECKED
            && certificate.revocationLists().isEmpty();
    return builder
        .checkRevocationOnline(online)
        .allowUnknownRevocation(certificate.revocation() == Revocation.IF_KNOWN)
        .build();
  }

  private static BundleVerifier create(SignerText.Keyless keyless) throws IOException {
    TrustedRoot root =
        keyless.trustedRoot().isPresent()
            ? TrustedRoot.load(keyless.trustedRoot().get())
            : TrustRepository.publicGood().trustedRoot();
    return SigstoreVerifier.using(root, identity(keyless));
  }

  private static IdentityPolicy identity(SignerText.Keyless keyless) {
    if (keyless.identity().isPresent()) {
      return IdentityPolicy.exactly(keyless.identity().get(), keyless.issuer());
    }
    String expression = keyless.identityRegexp().orElseThrow();
    return IdentityPolicy.matching(
        IdentityExpression.of(expression)::matches, expression, keyless.issuer());
  }
}
