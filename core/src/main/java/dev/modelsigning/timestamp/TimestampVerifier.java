package dev.modelsigning.timestamp;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.LaterTimestamps;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.internal.pkix.CertificationPath;
import dev.modelsigning.internal.pkix.KeyPurpose;
import dev.modelsigning.internal.pkix.PathBuilder;
import dev.modelsigning.internal.pkix.TrustedCertificates;
import dev.modelsigning.internal.pkix.UntrustedCertificateException;
import dev.modelsigning.internal.revocation.RevocationCheck;
import dev.modelsigning.internal.revocation.RevokedException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.UnusableTrustException.Kind;
import dev.modelsigning.signing.VerificationTime;
import dev.modelsigning.signing.VerificationTime.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Verifies the RFC 3161 time stamps of bundles and of their files: the token's own signature, the
 * certificate of the authority and its path to a trusted certificate at the time stated, that it is
 * restricted to time stamping, and that the token covers this bundle's signature, or its file. A
 * token that fails any of these checks is not counted, and the reason is reported. Verifiers are
 * immutable and may be used by several threads.
 */
public final class TimestampVerifier {

  /** More than any legitimate bundle has. */
  static final int MAX_TOKENS = 20;

  /** How far the clock of an authority may be ahead of the local clock. */
  static final Duration MAX_SKEW = Duration.ofMinutes(1);

  private final Trust trust;
  private final RevocationCheck revocation;
  private final Clock clock;

  private TimestampVerifier(Trust trust, RevocationCheck revocation, Clock clock) {
    this.trust = trust;
    this.revocation = revocation;
    this.clock = clock;
  }

  /**
   * The trust configuration of a verifier.
   *
   * @param trusted the trust anchors and intermediate certificates
   * @param known certificates that tokens need not contain
   * @param authority the only accepted authority, with its validity period; empty if any authority
   *     below the trusted certificates is accepted at any time
   */
  private record Trust(
      TrustedCertificates trusted,
      List<X509Certificate> known,
      Optional<TrustedTimestampAuthority> authority) {

    /** The certificate of a token's signer; its signature is verified separately. */
    X509Certificate signer(TimestampToken token) throws UntrustedTimestampException {
      Optional<X509Certificate> only = authority.flatMap(TrustedTimestampAuthority::signer);
      if (only.isEmpty()) {
        return token.signer(known);
      }
      if (!token.names(only.get())) {
        throw new UntrustedTimestampException("it was signed by another authority");
      }
      return only.get();
    }

    void requireTrustedAt(Instant time) throws UntrustedTimestampException {
      if (authority.isPresent() && !authority.get().isTrustedAt(time)) {
        throw new UntrustedTimestampException(
            "its time is " + time + ", the authority is trusted only " + authority.get().period());
      }
    }

    Set<X509Certificate> untrusted(TimestampToken token) throws UntrustedTimestampException {
      Set<X509Certificate> untrusted = new LinkedHashSet<>(token.certificates());
      if (authority.isPresent()) {
        untrusted.addAll(known);
      }
      return untrusted;
    }
  }

  /**
   * Returns a verifier that trusts certificates of Time Stamping Authorities.
   *
   * @param certificates root certificates, and, if necessary, the certificates below them that
   *     tokens do not contain
   * @throws IllegalArgumentException if none of them can be a trust anchor
   */
  public static TimestampVerifier trusting(List<X509Certificate> certificates) {
    if (TrustedCertificates.of(certificates).anchors().isEmpty()) {
      throw new IllegalArgumentException(
          "there is no certificate of an authority among those for time stamps");
    }
    return new TimestampVerifier(
        new Trust(
            TrustedCertificates.of(certificates), List.copyOf(certificates), Optional.empty()),
        RevocationCheck.NONE,
        Clock.systemUTC());
  }

  /** Returns a verifier that trusts one authority within its validity period. */
  public static TimestampVerifier trusting(TrustedTimestampAuthority authority) {
    return new TimestampVerifier(
        new Trust(
            TrustedCertificates.anchoredAt(authority.anchor()),
            authority.chain(),
            Optional.of(authority)),
        RevocationCheck.NONE,
        Clock.systemUTC());
  }

  /**
   * Returns a verifier that trusts the certificates in files.
   *
   * @param files certificates in PEM, or one in DER
   * @throws IOException if a file cannot be read
   * @throws UnusableTrustException if they contain no certificate of an authority
   */
  public static TimestampVerifier load(List<Path> files)
      throws IOException, UnusableTrustException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Path file : files) {
      certificates.addAll(CertificateFile.read(file));
    }
    try {
      return trusting(certificates);
    } catch (IllegalArgumentException e) {
      String places = files.stream().map(Path::toString).collect(Collectors.joining(", "));
      throw new UnusableTrustException(Kind.CERTIFICATE, places + ": " + e.getMessage(), e);
    }
  }

  /** Returns the same verifier with another clock, which time stamps must not be ahead of. */
  public TimestampVerifier withClock(Clock other) {
    return new TimestampVerifier(trust, revocation, other);
  }

  /**
   * Returns the same verifier with revocation checks: time stamps with revoked certificates are not
   * counted.
   *
   * @param lists CRLs of the authorities
   * @param online whether to query the services that the certificates name (OCSP, CRL)
   * @param softFail whether certificates of unknown status are accepted, with a warning
   */
  public TimestampVerifier withRevocation(List<X509CRL> lists, boolean online, boolean softFail) {
    return new TimestampVerifier(trust, new RevocationCheck(lists, online, softFail), clock);
  }

  /**
   * The times that time stamps prove.
   *
   * @param times those of verified time stamps in the bundle, the earliest first
   * @param later those of verified time stamps of the bundle's file, the earliest first
   * @param findings why other time stamps are not counted, and warnings about those that are
   */
  public record Result(
      List<VerificationTime> times, List<VerificationTime> later, List<Finding> findings) {
    /** Copies the lists. */
    public Result {
      times = List.copyOf(times);
      later = List.copyOf(later);
      findings = List.copyOf(findings);
    }

    /** All times, the earliest first. */
    public List<VerificationTime> all() {
      return Stream.concat(times.stream(), later.stream())
          .sorted((one, other) -> one.instant().compareTo(other.instant()))
          .toList();
    }
  }

  /** Verifies the time stamps of a bundle, and those of its file. */
  public Result verify(Bundle bundle) {
    List<Finding> findings = new ArrayList<>();
    // The revocation services share one time limit for all time stamps of a bundle.
    TimestampVerifier started = new TimestampVerifier(trust, revocation.started(), clock);
    List<VerificationTime> times = started.inBundle(bundle, findings);
    // The file has the bundle's own time stamps in it, so what is over the file is later.
    Optional<Instant> own =
        times.stream().map(VerificationTime::instant).max(Comparator.naturalOrder());
    List<VerificationTime> later = started.later(bundle.laterTimestamps(), own, findings);
    return started.result(times, later, findings);
  }

  /** Verifies the time stamps of a bundle's file only. */
  Result verifyLater(LaterTimestamps stamps) {
    List<Finding> findings = new ArrayList<>();
    TimestampVerifier started = new TimestampVerifier(trust, revocation.started(), clock);
    return started.result(List.of(), started.later(stamps, Optional.empty(), findings), findings);
  }

  private Result result(
      List<VerificationTime> times, List<VerificationTime> later, List<Finding> findings) {
    Result result = new Result(times, later, findings);
    Optional<Instant> end = VerificationTime.provedUntil(result.all());
    if (end.isEmpty() || !clock.instant().isAfter(end.get())) {
      return result;
    }
    findings.add(
        Finding.of(
                Rules.TIMESTAMP_PROOF_ENDED,
                "the certificates that prove the time "
                    + result.all().get(0).instant().truncatedTo(ChronoUnit.SECONDS)
                    + " ended at "
                    + end.get().truncatedTo(ChronoUnit.SECONDS)
                    + ", and no later time stamp was added before")
            .withValue("end", end.get().toString()));
    return new Result(times, later, findings);
  }

  private List<VerificationTime> inBundle(Bundle bundle, List<Finding> findings) {
    List<Bytes> tokens = bundle.rfc3161Timestamps();
    if (tokens.size() > MAX_TOKENS) {
      findings.add(
          Finding.of(
                  Rules.TOO_MANY_TIMESTAMPS,
                  "the bundle has "
                      + tokens.size()
                      + " time stamps, expected at most "
                      + MAX_TOKENS
                      + "; none was used")
              .withValue("expected", Integer.toString(MAX_TOKENS))
              .withValue("found", Integer.toString(tokens.size())));
      return List.of();
    }
    List<VerificationTime> times = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      try {
        times.add(verify(tokens.get(i), bundle.envelope().signature(), findings::add));
      } catch (UntrustedTimestampException e) {
        findings.add(notCounted("rfc3161Timestamps[" + i + "]", i, e));
      }
    }
    times.sort((one, other) -> one.instant().compareTo(other.instant()));
    return times;
  }

  /**
   * Verifies time stamps of a bundle's file. Each covers those before it, so it cannot be older: an
   * authority whose key was stolen after its certificate had ended could state any time.
   *
   * @param own the latest time in the bundle
   */
  private List<VerificationTime> later(
      LaterTimestamps stamps, Optional<Instant> own, List<Finding> findings) {
    List<VerificationTime> times = new ArrayList<>();
    Optional<Instant> covered = own;
    for (int i = 0; i < stamps.stamps().size(); i++) {
      LaterTimestamps.Stamp stamp = stamps.stamps().get(i);
      try {
        VerificationTime time = verify(stamp, findings::add);
        requireNotBefore(covered, time.instant());
        covered =
            Optional.of(
                covered.filter(before -> before.isAfter(time.instant())).orElse(time.instant()));
        times.add(time);
      } catch (UntrustedTimestampException e) {
        findings.add(notCounted(stamps.location() + "[" + i + "]", i, e));
      }
    }
    stamps
        .problem()
        .ifPresent(problem ->
            findings.add(
                Finding.of(
                        Rules.TIMESTAMP_NOT_COUNTED,
                        "not all of " + stamps.location() + " counts: " + problem)
                    .withValue("index", Integer.toString(stamps.stamps().size()))));
    times.sort((one, other) -> one.instant().compareTo(other.instant()));
    return times;
  }

  private static void requireNotBefore(Optional<Instant> covered, Instant time)
      throws UntrustedTimestampException {
    if (covered.isPresent() && time.isBefore(covered.get().minus(MAX_SKEW))) {
      throw new UntrustedTimestampException(
          "its time "
              + time
              + " is before "
              + covered.get()
              + ", that of a time stamp that it covers");
    }
  }

  private static Finding notCounted(String where, int index, UntrustedTimestampException e) {
    return Finding.of(
            Rules.TIMESTAMP_NOT_COUNTED,
            "the time stamp " + where + " does not count: " + e.getMessage())
        .withValue("index", Integer.toString(index));
  }

  /**
   * Verifies one time stamp. Signatures in it are verified only with keys that have a certification
   * path to a trusted certificate.
   *
   * @param response the response of the authority in DER (RFC 3161 2.4.2)
   * @param signature the signature that it must cover
   * @param findings receives warnings about an accepted time stamp
   * @return the time that it proves
   * @throws UntrustedTimestampException if it is not accepted; the message gives the reason
   */
  public VerificationTime verify(Bytes response, Bytes signature, Consumer<Finding> findings)
      throws UntrustedTimestampException {
    try {
      TimestampToken token = TimestampToken.parse(response);
      token.requireOver(signature);
      return verify(token, Source.TIMESTAMP, findings);
    } catch (RuntimeException e) {
      // The library throws unchecked exceptions for malformed tokens.
      throw new UntrustedTimestampException("it is damaged", e);
    }
  }

  /** Verifies a time stamp of a bundle's file. */
  VerificationTime verify(LaterTimestamps.Stamp stamp, Consumer<Finding> findings)
      throws UntrustedTimestampException {
    try {
      return verify(TimestampToken.over(stamp), Source.LATER_TIMESTAMP, findings);
    } catch (RuntimeException e) {
      // The library throws unchecked exceptions for malformed tokens.
      throw new UntrustedTimestampException("it is damaged", e);
    }
  }

  /** Verifies a token that covers what it must. */
  private VerificationTime verify(TimestampToken token, Source source, Consumer<Finding> findings)
      throws UntrustedTimestampException {
    Instant time = token.time();
    Instant now = clock.instant();
    if (time.isAfter(now.plus(MAX_SKEW))) {
      throw new UntrustedTimestampException("its time " + time + " is in the future");
    }
    trust.requireTrustedAt(time);
    X509Certificate signer = trust.signer(token);
    CertificationPath path = path(token, signer, time);
    token.requireSignedBy(signer);
    try {
      revocation
          .require(trust.trusted().toTheTop(path), now, List.of(time), Optional.of(time))
          .forEach(findings);
    } catch (RevokedException e) {
      throw untrusted(e);
    }
    return new VerificationTime(
        time, source, signer.getSubjectX500Principal().toString(), Optional.of(end(path)));
  }

  /** When the first certificate of a path ends, without a trust anchor above them. */
  private static Instant end(CertificationPath path) {
    List<X509Certificate> certificates =
        path.certificates().isEmpty() ? path.withAnchor() : path.certificates();
    return certificates.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  private CertificationPath path(TimestampToken token, X509Certificate signer, Instant time)
      throws UntrustedTimestampException {
    Set<X509Certificate> untrusted = trust.untrusted(token);
    untrusted.remove(signer);
    try {
      return new PathBuilder(trust.trusted(), KeyPurpose.TIME_STAMPING)
          .build(signer, untrusted, time);
    } catch (UntrustedCertificateException e) {
      throw untrusted(e);
    }
  }

  private static UntrustedTimestampException untrusted(Exception e) {
    return new UntrustedTimestampException("its authority is not trusted: " + e.getMessage(), e);
  }
}
