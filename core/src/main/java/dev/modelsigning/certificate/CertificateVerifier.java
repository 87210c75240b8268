package dev.modelsigning.certificate;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.internal.pkix.Certificates;
import dev.modelsigning.internal.pkix.CertificationPath;
import dev.modelsigning.internal.pkix.KeyPurpose;
import dev.modelsigning.internal.pkix.PathBuilder;
import dev.modelsigning.internal.pkix.TrustedCertificates;
import dev.modelsigning.internal.pkix.UntrustedCertificateException;
import dev.modelsigning.internal.revocation.RevocationCheck;
import dev.modelsigning.internal.revocation.RevokedException;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.PayloadEncoding;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.UnusableTrustException.Kind;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerificationTime;
import dev.modelsigning.signing.VerificationTime.Source;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.signingkey.EnvelopeSignature;
import dev.modelsigning.timestamp.TimestampVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Verifies bundles that were signed with an X.509 certificate (OMS 8.2, RFC 5280).
 *
 * <p>Trust anchors come from the user or from the platform, never from the bundle. All certificates
 * of the certification path must be valid now, or at each time at which a verified time stamp
 * proves that the signature existed. Verifiers are immutable and may be used by several threads.
 */
public final class CertificateVerifier implements BundleVerifier {

  private final TrustedCertificates trusted;
  private final @Nullable TimestampVerifier timestamps;
  private final RevocationCheck revocation;
  private final SignerPins pins;
  private final @Nullable Instant requestedTime;
  private final Clock clock;
  private final Consumer<List<X509Certificate>> pathListener;

  private CertificateVerifier(Builder builder, TrustedCertificates trusted) {
    this.trusted = trusted;
    this.revocation =
        new RevocationCheck(builder.revocationLists, builder.online, builder.softFail);
    this.timestamps =
        builder.timestamps == null
            ? null
            : builder
                .timestamps
                .withClock(builder.clock)
                .withRevocation(builder.revocationLists, builder.online, builder.softFail);
    this.pins = new SignerPins(builder.identities, builder.fingerprints);
    this.requestedTime = builder.verificationTime;
    this.clock = builder.clock;
    this.pathListener = builder.pathListener;
  }

  /**
   * Returns a verifier that trusts only the certificates in a file, and requires one identity. It
   * does not check revocation and ignores time stamps, so the signer's certificate must be valid
   * now; use {@link #builder()} for other settings.
   *
   * @param trustedCertificates CA certificates or self-signed certificates, in PEM or DER
   * @param identity the subject (RFC 2253), or an e-mail address, host name or URI among the
   *     subject alternative names, compared exactly
   * @throws IOException if the file cannot be read
   * @throws UnusableTrustException if it contains no certificate, a malformed one, or none that can
   *     be a trust anchor
   * @throws IllegalArgumentException if the identity is empty
   */
  public static CertificateVerifier load(Path trustedCertificates, String identity)
      throws IOException, UnusableTrustException {
    Builder builder = builder().identity(identity).trust(trustedCertificates);
    return builder.build(TrustedCertificates.of(builder.trusted));
  }

  /** Returns a verifier that trusts these certificates, with the default settings. */
  public static CertificateVerifier trusting(List<X509Certificate> certificates) {
    Builder builder = builder().trust(certificates);
    return new CertificateVerifier(builder, TrustedCertificates.of(certificates));
  }

  /** Returns a builder with the default settings: the trust anchors are those of the platform. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public VerifiedPayload verify(Bundle bundle)
      throws MalformedBundleException, VerificationException {
    List<Finding> findings = new ArrayList<>();
    List<X509Certificate> chain = BundleChain.read(bundle, findings);
    try {
      SignerCertificate signer = SignerCertificate.of(chain.get(0));
      signer.requireSigningUsage();
      Times known = times(bundle, findings);
      List<VerificationTime> times = known.deciding();
      Set<CertificationPath> paths = paths(chain, times, findings);
      // The key is used only after its certification path was validated.
      PayloadEncoding encoding =
          EnvelopeSignature.requireBy(
              signer.publicKey(), bundle.envelope(), "the bundle's certificate");
      paths.forEach(path -> pathListener.accept(path.withAnchor()));
      Optional<String> named = pins.require(signer);
      if (pins.isEmpty() && trusted.hasAuthority()) {
        findings.add(anySigner(paths));
      }
      RevocationCheck started = revocation.started();
      for (CertificationPath path : paths) {
        findings.addAll(requireNotRevoked(started, path, times));
      }
      return VerifiedPayload.assertion(
          bundle.envelope().payload(),
          encoding,
          signer.identity(named, Optional.of(revocation.scope())),
          known.all(),
          findings);
    } catch (UntrustedCertificateException e) {
      throw new VerificationException(
          Reason.UNTRUSTED_CERTIFICATE, e.getMessage() + " (OMS 8.2)", e);
    }
  }

  /** The required identities and certificate fingerprints. */
  @Override
  public Map<String, List<String>> expected() {
    return pins.expected();
  }

  /**
   * Reports that no particular signer was required, and which authorities could have certified
   * another.
   */
  private static Finding anySigner(Set<CertificationPath> paths) {
    X509Certificate authority = paths.iterator().next().anchor();
    return Finding.of(
            Rules.ANY_SIGNER,
            "nobody was named who must have signed, so anybody certified by "
                + Certificates.name(authority)
                + " would pass; name the signer by certificate identity or fingerprint")
        .withValue("authority", authority.getSubjectX500Principal().toString());
  }

  /**
   * The times of a signature.
   *
   * @param deciding those at which the certificates must be valid: at least one. All time stamps in
   *     the bundle decide; without one, the earliest of its file
   * @param prolonging time stamps of the bundle's file that prolong the proof of an earlier time
   */
  private record Times(List<VerificationTime> deciding, List<VerificationTime> prolonging) {
    List<VerificationTime> all() {
      return Stream.concat(deciding.stream(), prolonging.stream())
          .sorted((one, other) -> one.instant().compareTo(other.instant()))
          .toList();
    }
  }

  private Times times(Bundle bundle, List<Finding> findings) {
    boolean stamped = !bundle.rfc3161Timestamps().isEmpty() || !bundle.laterTimestamps().isEmpty();
    if (requestedTime != null) {
      findings.add(
          Finding.of(
                  Rules.REQUESTED_TIME,
                  "certificates were verified as of a time that was asked for, which proves nothing"
                      + (stamped ? "; time stamps in the bundle were not verified" : ""))
              .withValue("time", requestedTime.toString()));
      return new Times(List.of(new VerificationTime(requestedTime, Source.REQUESTED)), List.of());
    }
    if (timestamps == null) {
      if (stamped) {
        findings.add(
            Finding.of(
                Rules.TIMESTAMPS_NOT_VERIFIED,
                "time stamps "
                    + (bundle.rfc3161Timestamps().isEmpty() ? "of" : "in")
                    + " the bundle were not verified, as no authority for them is trusted"));
      }
      return new Times(List.of(now()), List.of());
    }
    TimestampVerifier.Result result = timestamps.verify(bundle);
    findings.addAll(result.findings());
    List<VerificationTime> later = result.later();
    if (!result.times().isEmpty()) {
      return new Times(result.times(), later);
    }
    return later.isEmpty()
        ? new Times(List.of(now()), List.of())
        : new Times(later.subList(0, 1), later.subList(1, later.size()));
  }

  private VerificationTime now() {
    return new VerificationTime(clock.instant(), Source.CURRENT_TIME);
  }

  /** One certification path for each time; usually they are equal. */
  private Set<CertificationPath> paths(
      List<X509Certificate> chain, List<VerificationTime> times, List<Finding> problems)
      throws UntrustedCertificateException {
    PathBuilder builder = new PathBuilder(trusted, KeyPurpose.CODE_SIGNING);
    Set<CertificationPath> paths = new LinkedHashSet<>();
    for (VerificationTime time : times) {
      try {
        paths.add(builder.build(chain.get(0), chain.subList(1, chain.size()), time.instant()));
      } catch (UntrustedCertificateException e) {
        String message = e.getMessage() + ", verified as of " + time;
        if (!time.isAttested() && !problems.isEmpty()) {
          message += "; " + String.join("; ", problems.stream().map(Finding::message).toList());
        }
        throw new UntrustedCertificateException(message, e);
      }
    }
    return paths;
  }

  private List<Finding> requireNotRevoked(
      RevocationCheck started, CertificationPath path, List<VerificationTime> times)
      throws VerificationException {
    Optional<Instant> proven =
        times.stream()
            .filter(VerificationTime::isAttested)
            .map(VerificationTime::instant)
            .findFirst();
    try {
      return started.require(
          trusted.toTheTop(path),
          requestedTime == null ? clock.instant() : requestedTime,
          times.stream().map(VerificationTime::instant).toList(),
          proven);
    } catch (RevokedException e) {
      throw new VerificationException(
          e.isUnknown() ? Reason.REVOCATION_UNKNOWN : Reason.REVOKED,
          String.valueOf(e.getMessage()),
          e);
    }
  }

  /** Collects the settings of a {@link CertificateVerifier}. */
  public static final class Builder {
    private final List<X509Certificate> trusted = new ArrayList<>();
    private final List<X509CRL> revocationLists = new ArrayList<>();
    private final List<String> identities = new ArrayList<>();
    private final List<String> fingerprints = new ArrayList<>();
    private @Nullable TimestampVerifier timestamps;
    private @Nullable Instant verificationTime;
    private boolean online;
    private boolean softFail;
    private Clock clock = Clock.systemUTC();
    private Consumer<List<X509Certificate>> pathListener = path -> {};

    private Builder() {}

    /**
     * Trusts these certificates instead of those of the platform. CA certificates and self-signed
     * ones are trust anchors; the others are only used to build certification paths.
     */
    public Builder trust(List<X509Certificate> certificates) {
      trusted.addAll(certificates);
      return this;
    }

    /**
     * Trusts the certificates in a file, in PEM or DER.
     *
     * @throws IOException if it cannot be read
     * @throws UnusableTrustException if it contains no certificate, or a malformed one
     */
    public Builder trust(Path file) throws IOException, UnusableTrustException {
      return trust(CertificateFile.read(file));
    }

    /**
     * Verifies time stamps, and validates certificates at the times that they prove. Without it,
     * time stamps are ignored.
     */
    public Builder timestamps(TimestampVerifier verifier) {
      this.timestamps = verifier;
      return this;
    }

    /**
     * Checks revocation against the CRLs in a file, in PEM or DER. Every certificate below the
     * trust anchor must be covered by one of them.
     *
     * @throws IOException if it cannot be read
     * @throws UnusableTrustException if it contains no CRL, or a malformed one
     */
    public Builder revocationList(Path file) throws IOException, UnusableTrustException {
      revocationLists.addAll(CertificateFile.readRevocationLists(file));
      return this;
    }

    /**
     * Sets whether to check revocation online, with the OCSP responders and CRL distribution points
     * that the certificates name.
     */
    public Builder checkRevocationOnline(boolean check) {
      this.online = check;
      return this;
    }

    /**
     * Sets whether a certificate whose revocation status cannot be determined is accepted, with a
     * warning.
     */
    public Builder allowUnknownRevocation(boolean allow) {
      this.softFail = allow;
      return this;
    }

    /**
     * Requires this identity: the subject (RFC 2253), or an e-mail address, host name or URI among
     * the subject alternative names, compared exactly. If this is called several times, any of the
     * identities is accepted.
     *
     * @throws IllegalArgumentException if the name is empty, which certificates without a subject
     *     would match
     */
    public Builder identity(String name) {
      if (name.isBlank()) {
        throw new IllegalArgumentException("the name of the signer is empty");
      }
      identities.add(name);
      return this;
    }

    /**
     * Requires this signer's certificate. If this is called several times, any of the certificates
     * is accepted.
     *
     * @param sha256 SHA-256 of the certificate in DER, 64 hexadecimal digits, with or without
     *     colons
     * @throws IllegalArgumentException if it is anything else
     */
    public Builder fingerprint(String sha256) {
      fingerprints.add(SignerPins.normalize(sha256));
      return this;
    }

    /**
     * Validates certificates at a given time instead of the current time and of all time stamps.
     * This is a last resort for old signatures without a time stamp: the signature may have been
     * made after that time.
     */
    public Builder verificationTime(Instant time) {
      this.verificationTime = time;
      return this;
    }

    /** Sets the clock for the current time. */
    public Builder clock(Clock newClock) {
      this.clock = newClock;
      return this;
    }

    /**
     * Sets a listener for the certification path that was found, from the signer's certificate to
     * the trust anchor.
     */
    public Builder pathListener(Consumer<List<X509Certificate>> listener) {
      this.pathListener = listener;
      return this;
    }

    /**
     * Returns a verifier with these settings.
     *
     * @throws UnusableTrustException if none of the certificates can be a trust anchor, or those of
     *     the platform cannot be read
     */
    public CertificateVerifier build() throws UnusableTrustException {
      return build(trusted.isEmpty() ? ofPlatform() : TrustedCertificates.of(trusted));
    }

    private CertificateVerifier build(TrustedCertificates anchors) throws UnusableTrustException {
      if (anchors.anchors().isEmpty()) {
        throw new UnusableTrustException(
            Kind.CERTIFICATE,
            trusted.isEmpty()
                ? "this Java platform trusts no certificates; give some"
                : "none of the trusted certificates is one of an authority or self-signed");
      }
      return new CertificateVerifier(this, anchors);
    }

    private static TrustedCertificates ofPlatform() throws UnusableTrustException {
      try {
        return TrustedCertificates.ofPlatform();
      } catch (GeneralSecurityException e) {
        throw new UnusableTrustException(Kind.CERTIFICATE, String.valueOf(e.getMessage()), e);
      }
    }
  }
}
