package dev.modelsigning.sigstore;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.TransparencyLogEntry;
import dev.modelsigning.bundle.VerificationMaterial.X509CertificateChain;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.pkix.UntrustedCertificateException;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.KeylessIdentity;
import dev.modelsigning.signing.KeylessIdentity.LogPosition;
import dev.modelsigning.signing.PayloadEncoding;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerificationTime;
import dev.modelsigning.signing.VerificationTime.Source;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.signingkey.EnvelopeSignature;
import dev.modelsigning.sigstore.internal.log.CertificateTransparency;
import dev.modelsigning.sigstore.internal.log.LogEntry;
import dev.modelsigning.sigstore.internal.log.LogEntryBody;
import dev.modelsigning.sigstore.internal.log.LogEntryVerifier;
import dev.modelsigning.sigstore.internal.log.LogEntryVerifier.VerifiedLogEntry;
import dev.modelsigning.sigstore.internal.trust.SigningCertificate;
import dev.modelsigning.sigstore.internal.trust.TimestampVerification;
import dev.modelsigning.sigstore.internal.trust.TrustedAuthority;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Verifies keyless signatures (method {@code sigstore}, OMS 4.1, 8.2) without any network access,
 * with the authorities and logs of a {@link TrustedRoot} and a required signer. Verifiers are
 * immutable and thread-safe.
 *
 * <p>A bundle is accepted only if all of the following holds: every time stamp in it covers this
 * signature and is from a trusted authority; every log entry is included in a trusted log and
 * refers to this signature, this certificate and this payload; there is at least one entry, and at
 * least one trusted time; the certification path was valid at every such time; the certificate was
 * published in a certificate transparency log; the signature verifies with its key; and the
 * certificate is for the required identity.
 */
public final class SigstoreVerifier implements BundleVerifier {

  /** Bundles have one or two. Verifying an entry is expensive, and bundles are untrusted. */
  private static final int MAX_ENTRIES = 32;

  /** How far the clocks of services may be ahead of the local clock. */
  private static final Duration MAX_SKEW = Duration.ofMinutes(1);

  private final TrustedRoot root;
  private final IdentityPolicy policy;

  private SigstoreVerifier(TrustedRoot root, IdentityPolicy policy) {
    this.root = root;
    this.policy = policy;
  }

  /**
   * Returns a verifier of signatures of the public Sigstore instance. The trusted root is fetched
   * now from its TUF repository; without a network, the cached metadata are used until they expire
   * ({@link TrustRepository#publicGood()}). Verifying needs no network. A long-running program
   * should load a new verifier every day, since keys can be revoked.
   *
   * @param identity the required signer: the e-mail address, URI of a workflow or user name in the
   *     certificate, compared exactly
   * @param provider the OpenID Connect issuer that authenticated it, such as {@code
   *     https://accounts.google.com}
   * @throws TrustConfigException if the repository, or the cache, fails verification
   * @throws IOException if the repository cannot be reached and there is no cache
   * @throws IllegalArgumentException if identity or provider is empty
   */
  public static SigstoreVerifier load(String identity, String provider) throws IOException {
    return load(TrustRepository.publicGood(), identity, provider);
  }

  static SigstoreVerifier load(TrustRepository repository, String identity, String provider)
      throws IOException {
    IdentityPolicy policy = IdentityPolicy.exactly(identity, provider);
    return using(repository.trustedRoot(), policy);
  }

  /**
   * Returns a verifier for any Sigstore instance.
   *
   * @param root the trusted authorities and logs
   * @param policy the required signer
   */
  public static SigstoreVerifier using(TrustedRoot root, IdentityPolicy policy) {
    return new SigstoreVerifier(root, policy);
  }

  /**
   * Returns a verifier for signatures that the subject of an identity token made earlier.
   *
   * @param root the trusted authorities and logs
   * @param token the token, whose claims are compared with the signer's certificate by the rules of
   *     the public instances
   * @param certificateIdentity the subject alternative name of the subject's certificates, compared
   *     exactly in place of these rules; empty for the rules
   */
  public static BundleVerifier bySubjectOf(
      TrustedRoot root, IdentityToken token, Optional<String> certificateIdentity) {
    return bundle -> {
      requireKeyless(bundle);
      // Not trusted yet: what it claims is compared with the token, and then required below.
      SigningCertificate claimed = SigningCertificate.of(bundle.verificationMaterial());
      try {
        token.content().identity().require(claimed, certificateIdentity);
      } catch (SigningException e) {
        throw new VerificationException(
            Reason.WRONG_IDENTITY,
            "the identity token is for somebody else than the signer, "
                + Printable.quote(claimed.identity())
                + " by "
                + Printable.quote(claimed.issuer()),
            e);
      }
      return using(root, IdentityPolicy.exactly(claimed.identity(), claimed.issuer()))
          .verify(bundle);
    };
  }

  @Override
  public VerifiedPayload verify(Bundle bundle)
      throws MalformedBundleException, VerificationException {
    VerifiedSignature verified = verifySignature(bundle);
    return VerifiedPayload.assertion(
        bundle.envelope().payload(),
        verified.encoding(),
        verified.signer(),
        verified.times(),
        bundle.laterTimestamps().isEmpty()
            ? List.of()
            : List.of(
                Finding.of(
                    Rules.TIMESTAMPS_NOT_VERIFIED,
                    "time stamps of the bundle were not verified, as no authority for them is"
                        + " trusted")));
  }

  @Override
  public Map<String, List<String>> expected() {
    return policy.expected();
  }

  /** Verifies everything except the content of the payload. */
  VerifiedSignature verifySignature(Bundle bundle)
      throws MalformedBundleException, VerificationException {
    SigningCertificate certificate = keyless(bundle);
    List<VerificationTime> times = verifyTimestamps(bundle);
    List<VerifiedLogEntry> entries = verifyEntries(bundle, certificate, times);
    entries.forEach(entry -> entry.time().ifPresent(times::add));
    if (times.isEmpty()) {
      throw new VerificationException(
          Reason.UNTRUSTED_TIMESTAMP,
          "nobody says when the signature was made: expected a time stamp (RFC 3161), or a log"
              + " entry with a signedEntryTimestamp (OMS 8.2)");
    }
    times.sort(Comparator.comparing(VerificationTime::instant));
    requireTrusted(certificate, times, Instant.now());
    PayloadEncoding encoding = requireSignature(bundle, certificate);
    policy.require(certificate);
    return new VerifiedSignature(encoding, identity(certificate, entries), times);
  }

  /**
   * Refuses a certificate without a certification path to a trusted authority, or that was not
   * published.
   */
  private void requireTrusted(
      SigningCertificate certificate, List<VerificationTime> times, Instant now)
      throws VerificationException {
    CertificateTransparency published =
        new CertificateTransparency(root.certificateLogs(), now.plus(MAX_SKEW));
    for (VerificationTime time : times) {
      published.require(path(certificate, time));
    }
  }

  /** Refuses a new certificate whose signatures would not be trusted now. */
  void requireTrusted(SigningCertificate certificate, Instant now) throws VerificationException {
    Instant begin = certificate.notBefore();
    if (begin.isAfter(now.plus(MAX_SKEW))) {
      throw unusableNow("is valid only from " + begin + " on", now);
    }
    if (!certificate.notAfter().isAfter(now)) {
      throw unusableNow("expired at " + certificate.notAfter(), now);
    }
    // Clocks differ slightly, and a certificate is valid from the moment it is issued.
    Instant time = begin.isAfter(now) ? begin : now;
    requireTrusted(certificate, List.of(new VerificationTime(time, Source.CURRENT_TIME)), now);
  }

  private static VerificationException unusableNow(String problem, Instant now) {
    return new VerificationException(
        Reason.UNTRUSTED_CERTIFICATE,
        "the signer's certificate "
            + problem
            + ", and now it is "
            + now.truncatedTo(ChronoUnit.SECONDS)
            + "; is the clock right?");
  }

  /**
   * Verifies a bundle that is complete except for its log entries, as far as possible: a log entry
   * remains public even if the signature is unusable.
   */
  void requireReadyForLog(Bundle bundle, Instant now)
      throws MalformedBundleException, VerificationException {
    SigningCertificate certificate = SigningCertificate.of(bundle.verificationMaterial());
    requireTrusted(certificate, now);
    List<VerificationTime> times = verifyTimestamps(bundle);
    for (VerificationTime time : times) {
      if (time.instant().isAfter(now.plus(MAX_SKEW))) {
        throw new VerificationException(
            Reason.UNTRUSTED_TIMESTAMP,
            "the time stamp is of the future, "
                + time
                + ", and now it is "
                + now.truncatedTo(ChronoUnit.SECONDS)
                + "; is the clock right?");
      }
    }
    requireTrusted(certificate, times, now);
    requireSignature(bundle, certificate);
    policy.require(certificate);
    if (root.transparencyLogs().stream().noneMatch(log -> log.validity().contains(now))) {
      throw new VerificationException(
          Reason.UNTRUSTED_LOG_ENTRY,
          "the trusted root has no transparency log that can be used now, so no entry would count");
    }
  }

  private static PayloadEncoding requireSignature(Bundle bundle, SigningCertificate certificate)
      throws VerificationException {
    return EnvelopeSignature.requireBy(
        certificate.key(), bundle.envelope(), "the key of the certificate");
  }

  /**
   * Refuses a bundle that cannot be of this method under any trusted root, such as one with a bare
   * key, so that no trusted root has to be fetched for it. Acceptance here does not mean that the
   * bundle is valid.
   *
   * @throws VerificationException if no verifier of this class would accept it
   */
  public static void requireKeyless(Bundle bundle) throws VerificationException {
    keyless(bundle);
  }

  private static SigningCertificate keyless(Bundle bundle) throws VerificationException {
    requireNoBareChain(bundle);
    SigningCertificate certificate = SigningCertificate.of(bundle.verificationMaterial());
    requireEntries(bundle);
    return certificate;
  }

  /**
   * Refuses a certificate chain without log entries as a bundle of another method, rather than for
   * its certificate.
   */
  private static void requireNoBareChain(Bundle bundle) throws VerificationException {
    if (bundle.tlogEntries().isEmpty()
        && bundle.verificationMaterial() instanceof X509CertificateChain) {
      throw noEntries(Reason.WRONG_METHOD);
    }
  }

  private static VerificationException noEntries(Reason reason) {
    return new VerificationException(
        reason,
        "the bundle has no entry of a transparency log, so it was not signed with Sigstore, or is"
            + " not complete: expected verificationMaterial.tlogEntries (OMS 4.1)");
  }

  private static void requireEntries(Bundle bundle) throws VerificationException {
    int entries = bundle.tlogEntries().size();
    if (entries == 0) {
      throw noEntries(Reason.UNTRUSTED_LOG_ENTRY);
    }
    if (entries > MAX_ENTRIES || bundle.rfc3161Timestamps().size() > MAX_ENTRIES) {
      throw new VerificationException(
          Reason.UNTRUSTED_LOG_ENTRY,
          "the bundle has more than " + MAX_ENTRIES + " log entries or time stamps");
    }
  }

  private List<VerificationTime> verifyTimestamps(Bundle bundle) throws VerificationException {
    return new TimestampVerification(root.timestampAuthorities()).verify(bundle);
  }

  private List<VerifiedLogEntry> verifyEntries(
      Bundle bundle, SigningCertificate certificate, List<VerificationTime> timestamps)
      throws MalformedBundleException, VerificationException {
    List<LogEntry> entries = new ArrayList<>();
    for (TransparencyLogEntry json : bundle.tlogEntries()) {
      entries.add(LogEntry.parse(json));
    }
    List<VerifiedLogEntry> verified =
        new LogEntryVerifier(root.transparencyLogs()).verify(entries, timestamps);
    for (LogEntry entry : entries) {
      LogEntryBody.require(entry, bundle.envelope(), certificate);
    }
    return verified;
  }

  /** The certification path from the certificate to a trusted one, valid at a time. */
  private List<X509Certificate> path(SigningCertificate certificate, VerificationTime time)
      throws VerificationException {
    List<String> problems = new ArrayList<>();
    for (TrustedAuthority authority : root.certificateAuthorities()) {
      try {
        return authority.path(certificate.certificate(), certificate.others(), time.instant());
      } catch (UntrustedCertificateException e) {
        problems.add(authority.uri() + ": " + e.getMessage());
      }
    }
    throw new VerificationException(
        Reason.UNTRUSTED_CERTIFICATE,
        "no trusted authority vouches for the signer's certificate, valid from "
            + certificate.notBefore()
            + " to "
            + certificate.notAfter()
            + ", at "
            + time
            + (problems.isEmpty()
                ? ": the trusted root has none"
                : " (" + String.join("; ", problems) + ")")
            + " (OMS 8.2)");
  }

  private static KeylessIdentity identity(
      SigningCertificate certificate, List<VerifiedLogEntry> entries) {
    return new KeylessIdentity(
        certificate.identity(),
        certificate.issuer(),
        certificate.summary(),
        entries.stream()
            .map(each -> new LogPosition(each.entry().logIndex(), each.address()))
            .toList());
  }
}
