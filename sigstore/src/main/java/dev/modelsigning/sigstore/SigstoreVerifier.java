package dev.modelsigning.sigstore;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.TransparencyLogEntry;
import dev.modelsigning.bundle.VerificationMaterial.X509CertificateChain;
import dev.modelsigning.internal.pkix.UntrustedCertificateException;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.KeylessIdentity;
import dev.modelsigning.signing.KeylessIdentity.LogPosition;
import dev.modelsigning.signing.PayloadEncoding;
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

/**
 * Verifies keyless signatures (method {@code sigstore}, OMS 4.1, 8.2), without any network: by the
 * authorities and logs of a {@link TrustedRoot}, and by who must have signed. Verifiers are
 * immutable and may be used by several threads.
 *
 * <p>A bundle passes only if all of this holds: every time stamp in it is over this signature and
 * by a trusted authority; every log entry is in a trusted log and about this signature, this
 * certificate and this payload; there is at least one entry, and at least one of them states a
 * time; the certificate and those above it were valid at every such time; it was published in a
 * certificate log; the signature is one by its key; and it is for the identity that was asked for.
 */
public final class SigstoreVerifier implements BundleVerifier {

  /** Bundles have one or two. The work for each is large, and anybody can write a bundle. */
  private static final int MAX_ENTRIES = 32;

  /** How far the clocks of others may be ahead of this machine's. */
  private static final Duration MAX_SKEW = Duration.ofMinutes(1);

  private final TrustedRoot root;
  private final IdentityPolicy policy;

  private SigstoreVerifier(TrustedRoot root, IdentityPolicy policy) {
    this.root = root;
    this.policy = policy;
  }

  /**
   * A verifier of signatures of the public Sigstore instance. Whom to trust is asked of its
   * repository over the network now; without a network, the answer that is kept from the last time
   * serves until it expires ({@link TrustRepository#publicGood()}). Verifying needs no network. A
   * program that runs for long loads a new one every day, since trust can be withdrawn.
   *
   * @param identity who must have signed: the e-mail address, URI of a workflow or user name in the
   *     certificate, to the letter
   * @param provider the OpenID Connect issuer that vouched for it, such as {@code
   *     https://accounts.google.com}
   * @throws TrustConfigException if the repository, or what is kept, does not stand up to
   *     verification
   * @throws IOException if the repository cannot be reached and nothing is kept
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
   * A verifier for any instance.
   *
   * @param root whom to trust
   * @param policy who must have signed
   */
  public static SigstoreVerifier using(TrustedRoot root, IdentityPolicy policy) {
    return new SigstoreVerifier(root, policy);
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
        List.of());
  }

  @Override
  public Map<String, List<String>> expected() {
    return policy.expected();
  }

  /** Verifies all but what the payload says. */
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

  /** Refuses a certificate that leads to no trusted authority, or was not published. */
  private void requireTrusted(
      SigningCertificate certificate, List<VerificationTime> times, Instant now)
      throws VerificationException {
    CertificateTransparency published =
        new CertificateTransparency(root.certificateLogs(), now.plus(MAX_SKEW));
    for (VerificationTime time : times) {
      published.require(path(certificate, time));
    }
  }

  /** Refuses a fresh certificate with which no signature could be made now that anybody trusts. */
  void requireTrusted(SigningCertificate certificate, Instant now) throws VerificationException {
    Instant begin = certificate.notBefore();
    if (begin.isAfter(now.plus(MAX_SKEW))) {
      throw unusableNow("is valid only from " + begin + " on", now);
    }
    if (!certificate.notAfter().isAfter(now)) {
      throw unusableNow("expired at " + certificate.notAfter(), now);
    }
    // Clocks differ by a little, and a certificate begins when it is made.
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
   * Refuses a bundle that is complete but for its log entries, for all that can be wrong with it
   * already: what a log records stays public, whatever comes of the signature.
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
        certificate.key(), bundle.envelope(), "by the key of the certificate");
  }

  /**
   * Refuses a bundle that cannot be one of this method, whoever is trusted, such as one by a bare
   * key: so that nobody needs to ask the network whom to trust before. That it is not refused means
   * nothing.
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

  /** Refuses a chain without log entries for what it is, rather than for its certificate. */
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

  /** The way from the certificate to a trusted one, all of them valid at a time. */
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
