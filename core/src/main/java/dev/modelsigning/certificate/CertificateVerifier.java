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
import org.jspecify.annotations.Nullable;

/**
 * Verifies bundles that were signed with an X.509 certificate (OMS 8.2, RFC 5280).
 *
 * <p>The certificates that are trusted come from the user, or are those of the platform, and never
 * from the bundle. The signer's certificate and all above it must be valid now, or at every time at
 * which a verified time stamp proves that the signature existed. Verifiers are immutable and may be
 * used by several threads.
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
   * A verifier that trusts the certificates in a file, and no others, and requires a signer of one
   * name. It does not check whether certificates were revoked, and does not look at time stamps, so
   * the signer's certificate must be valid now; {@link #builder()} has more.
   *
   * @param trustedCertificates certificates of authorities or self-signed ones, in PEM or DER
   * @param identity the subject (RFC 2253), or an e-mail address, host name or URI among the
   *     alternative names, to the letter
   * @throws IOException if the file cannot be read
   * @throws UnusableTrustException if it holds no certificate, a damaged one, or none that a path
   *     can end at
   * @throws IllegalArgumentException if the identity is empty
   */
  public static CertificateVerifier load(Path trustedCertificates, String identity)
      throws IOException, UnusableTrustException {
    Builder builder = builder().identity(identity).trust(trustedCertificates);
    return builder.build(TrustedCertificates.of(builder.trusted));
  }

  /** A verifier that trusts these certificates, with the default settings. */
  public static CertificateVerifier trusting(List<X509Certificate> certificates) {
    Builder builder = builder().trust(certificates);
    return new CertificateVerifier(builder, TrustedCertificates.of(certificates));
  }

  /** A builder with the default settings: it trusts what the platform trusts. */
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
      List<VerificationTime> times = times(bundle, findings);
      Set<CertificationPath> paths = paths(chain, times, findings);
      // Nothing is computed with a key that no trusted certificate vouches for.
      PayloadEncoding encoding =
          EnvelopeSignature.requireBy(
              signer.publicKey(), bundle.envelope(), "by the bundle's certificate");
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
          times,
          findings);
    } catch (UntrustedCertificateException e) {
      throw new VerificationException(
          Reason.UNTRUSTED_CERTIFICATE, e.getMessage() + " (OMS 8.2)", e);
    }
  }

  /** The names and fingerprints of certificates that were asked for. */
  @Override
  public Map<String, List<String>> expected() {
    return pins.expected();
  }

  /** Says by whose choice others would have passed as well. */
  private static Finding anySigner(Set<CertificationPath> paths) {
    X509Certificate authority = paths.iterator().next().anchor();
    return Finding.of(
            Rules.ANY_SIGNER,
            "nobody was named who must have signed, so anybody certified by "
                + Certificates.name(authority)
                + " would pass; name the signer by certificate identity or fingerprint")
        .withValue("authority", authority.getSubjectX500Principal().toString());
  }

  /** When the certificates have to be valid: at least one time, and all of them count. */
  private List<VerificationTime> times(Bundle bundle, List<Finding> findings) {
    boolean stamped = !bundle.rfc3161Timestamps().isEmpty();
    if (requestedTime != null) {
      findings.add(
          Finding.of(
                  Rules.REQUESTED_TIME,
                  "certificates were verified as of a time that was asked for, which proves nothing"
                      + (stamped ? "; time stamps in the bundle were not verified" : ""))
              .withValue("time", requestedTime.toString()));
      return List.of(new VerificationTime(requestedTime, Source.REQUESTED));
    }
    List<VerificationTime> proven = List.of();
    if (timestamps != null) {
      TimestampVerifier.Result result = timestamps.verify(bundle);
      findings.addAll(result.findings());
      proven = result.times();
    } else if (stamped) {
      findings.add(
          Finding.of(
              Rules.TIMESTAMPS_NOT_VERIFIED,
              "time stamps in the bundle were not verified, as no authority for them is trusted"));
    }
    return proven.isEmpty()
        ? List.of(new VerificationTime(clock.instant(), Source.CURRENT_TIME))
        : proven;
  }

  /** A path for each of the times, which is mostly the same one. */
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
     * Trusts certificates, and no longer those of the platform. Those that may issue others and
     * those that are self-signed are anchors; the others only help to find a path to one.
     */
    public Builder trust(List<X509Certificate> certificates) {
      trusted.addAll(certificates);
      return this;
    }

    /**
     * Trusts the certificates in a file, in PEM or DER.
     *
     * @throws IOException if it cannot be read
     * @throws UnusableTrustException if it holds no certificate, or a damaged one
     */
    public Builder trust(Path file) throws IOException, UnusableTrustException {
      return trust(CertificateFile.read(file));
    }

    /**
     * Verifies time stamps, and goes by the times that they prove. Without it, they are not looked
     * at.
     */
    public Builder timestamps(TimestampVerifier verifier) {
      this.timestamps = verifier;
      return this;
    }

    /**
     * Checks for revocation by lists in a file, in PEM or DER. Every certificate below the anchor
     * has to be covered by some list.
     *
     * @throws IOException if it cannot be read
     * @throws UnusableTrustException if it holds no revocation list, or a damaged one
     */
    public Builder revocationList(Path file) throws IOException, UnusableTrustException {
      revocationLists.addAll(CertificateFile.readRevocationLists(file));
      return this;
    }

    /** Whether to check for revocation online, by the services that the certificates name. */
    public Builder checkRevocationOnline(boolean check) {
      this.online = check;
      return this;
    }

    /** Whether a certificate passes, with a warning, if nobody can tell its status. */
    public Builder allowUnknownRevocation(boolean allow) {
      this.softFail = allow;
      return this;
    }

    /**
     * Requires a signer of this name: the subject (RFC 2253), or an e-mail address, host name or
     * URI among the alternative names, to the letter. If there are several, any of them will do.
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
     * Requires a signer with this certificate. If there are several, any of them will do.
     *
     * @param sha256 SHA-256 over the certificate in DER, 64 hexadecimal digits, perhaps with colons
     * @throws IllegalArgumentException if it is anything else
     */
    public Builder fingerprint(String sha256) {
      fingerprints.add(SignerPins.normalize(sha256));
      return this;
    }

    /**
     * Verifies as of a time, in place of now and of all time stamps. A way out for old signatures
     * that nobody stamped; whoever signed may have done so after that time.
     */
    public Builder verificationTime(Instant time) {
      this.verificationTime = time;
      return this;
    }

    /** The clock that tells what time it is now. */
    public Builder clock(Clock newClock) {
      this.clock = newClock;
      return this;
    }

    /** Is told the path that was found, from the signer's certificate to the anchor. */
    public Builder pathListener(Consumer<List<X509Certificate>> listener) {
      this.pathListener = listener;
      return this;
    }

    /**
     * A verifier with these settings.
     *
     * @throws UnusableTrustException if none of the certificates can be trusted as the end of a
     *     path, or those of the platform cannot be read
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
