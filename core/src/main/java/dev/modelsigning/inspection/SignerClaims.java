package dev.modelsigning.inspection;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.PublicKeyIdentifier;
import dev.modelsigning.bundle.VerificationMaterial;
import dev.modelsigning.certificate.ClaimedSigner;
import dev.modelsigning.signing.CertificateIdentity;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signingkey.VerifyingKey;
import dev.modelsigning.timestamp.ClaimedTimestamp;
import dev.modelsigning.timestamp.UntrustedTimestampException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The signer and the times that a bundle claims. Anybody can have written it.
 *
 * @param fingerprint the SHA-256 of the key, if it was signed with a bare key and states the digest
 * @param signer the claimed signer, if it was signed with a certificate
 * @param certificates the certificates, the signer's first
 * @param logEntries the log entries, if they have Sigstore's format
 * @param stamps RFC 3161 time stamps
 */
public record SignerClaims(
    Optional<String> fingerprint,
    Optional<Claim<SignerIdentity>> signer,
    List<Claim<ClaimedCertificate>> certificates,
    Claim<List<KeylessClaims.LogEntry>> logEntries,
    List<Claim<ClaimedTimestamp>> stamps) {

  /** Copies the lists. */
  public SignerClaims {
    certificates = List.copyOf(certificates);
    stamps = List.copyOf(stamps);
  }

  /**
   * Reads what a bundle claims about its signer. Values that cannot be read are reported as such,
   * so that the others can be shown.
   *
   * @param keyless reads keyless bundles
   */
  public static SignerClaims of(Bundle bundle, KeylessClaims.Reader keyless) {
    Optional<String> fingerprint = Optional.empty();
    Optional<Claim<SignerIdentity>> signer = Optional.empty();
    Claim<List<KeylessClaims.LogEntry>> entries = Claim.of(List.of());
    boolean logged = !bundle.tlogEntries().isEmpty();
    if (bundle.verificationMaterial() instanceof PublicKeyIdentifier key) {
      fingerprint = VerifyingKey.claimedFingerprint(key);
      if (logged) {
        entries = new Claim<>(Optional.empty(), Optional.of("a bare key has none"));
      }
    } else if (logged) {
      try {
        KeylessClaims claims = keyless.read(bundle);
        signer = Optional.of(Claim.of(claims.signer()));
        entries = Claim.of(claims.logEntries());
      } catch (MalformedBundleException | VerificationException e) {
        // Bundles with a certificate of another authority can have log entries too.
        signer = owner(bundle);
        entries = Claim.unreadable(e);
      }
    } else {
      signer = owner(bundle);
    }
    return new SignerClaims(
        fingerprint, signer, certificates(bundle.verificationMaterial()), entries, stamps(bundle));
  }

  private static Optional<Claim<SignerIdentity>> owner(Bundle bundle) {
    try {
      Optional<CertificateIdentity> owner = ClaimedSigner.read(bundle);
      return owner.map(Claim::of);
    } catch (MalformedBundleException e) {
      return Optional.of(Claim.unreadable(e));
    }
  }

  /** What the certificates state, the signer's first. */
  private static List<Claim<ClaimedCertificate>> certificates(VerificationMaterial material) {
    List<Bytes> encoded =
        material instanceof VerificationMaterial.X509CertificateChain chain
            ? chain.certificates()
            : material instanceof VerificationMaterial.X509Certificate single
                ? List.of(single.rawBytes())
                : List.of();
    return encoded.stream().map(ClaimedCertificate::read).toList();
  }

  private static List<Claim<ClaimedTimestamp>> stamps(Bundle bundle) {
    List<Claim<ClaimedTimestamp>> stamps = new ArrayList<>();
    for (Bytes stamp : bundle.rfc3161Timestamps()) {
      try {
        stamps.add(Claim.of(ClaimedTimestamp.read(stamp)));
      } catch (UntrustedTimestampException e) {
        stamps.add(Claim.unreadable(e));
      }
    }
    return stamps;
  }

  /** Method and name of the claimed signer in one line, or why they cannot be read. */
  public String describe() {
    if (signer.isEmpty()) {
      return "key " + fingerprint.orElse("that the file does not name");
    }
    Claim<SignerIdentity> claim = signer.get();
    return claim
        .value()
        .map(identity -> identity.method() + " " + identity.name())
        .orElse("certificate that cannot be read: " + claim.problem().orElse(""));
  }
}
