package dev.modelsigning.timestamp;

import dev.modelsigning.VerificationTime;
import dev.modelsigning.VerificationTime.Source;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.keyfile.CertificateFile;
import dev.modelsigning.pkix.CertificationPath;
import dev.modelsigning.pkix.KeyPurpose;
import dev.modelsigning.pkix.PathBuilder;
import dev.modelsigning.pkix.TrustedCertificates;
import dev.modelsigning.pkix.UntrustedCertificateException;
import dev.modelsigning.revocation.RevocationCheck;
import dev.modelsigning.revocation.RevokedException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Verifies the RFC 3161 time stamps of bundles: the token's own signature, the certificate of the
 * authority and its path to a trusted certificate at the time stated, that it is for time stamping,
 * and that the token is over this bundle's signature. A token that fails in any of these never
 * counts, and why is reported. Verifiers are immutable and may be used by several threads.
 */
public final class TimestampVerifier {

  /** More than any honest bundle has. */
  private static final int MAX_TOKENS = 20;

  /** How far the clock of an authority may be ahead of ours. */
  private static final Duration MAX_SKEW = Duration.ofMinutes(1);

  private final List<X509Certificate> given;
  private final RevocationCheck revocation;
  private final Clock clock;

  private TimestampVerifier(List<X509Certificate> given, RevocationCheck revocation, Clock clock) {
    this.given = List.copyOf(given);
    this.revocation = revocation;
    this.clock = clock;
  }

  /**
   * A verifier that trusts certificates of time stamping authorities.
   *
   * @param certificates roots, and if need be the certificates below them that tokens do not carry
   * @throws IllegalArgumentException if none of them can be trusted as the end of a path
   */
  public static TimestampVerifier trusting(List<X509Certificate> certificates) {
    if (TrustedCertificates.of(certificates).anchors().isEmpty()) {
      throw new IllegalArgumentException(
          "there is no certificate of an authority among those for time stamps");
    }
    return new TimestampVerifier(certificates, RevocationCheck.NONE, Clock.systemUTC());
  }

  /**
   * A verifier that trusts the certificates in files.
   *
   * @param files certificates in PEM, or one in DER
   * @throws IOException if a file cannot be read
   * @throws CertificateException if they hold no certificate of an authority
   */
  public static TimestampVerifier load(List<Path> files) throws IOException, CertificateException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Path file : files) {
      certificates.addAll(CertificateFile.read(file));
    }
    try {
      return trusting(certificates);
    } catch (IllegalArgumentException e) {
      throw new CertificateException(e.getMessage(), e);
    }
  }

  /** The same verifier with another clock, which time stamps must not be ahead of. */
  public TimestampVerifier withClock(Clock other) {
    return new TimestampVerifier(given, revocation, other);
  }

  /**
   * The same verifier, which does not count time stamps whose certificates were revoked.
   *
   * @param lists revocation lists of the authorities
   * @param online whether to ask the services that the certificates name (OCSP, CRL)
   * @param softFail whether certificates of unknown status pass, with a warning
   */
  public TimestampVerifier withRevocation(List<X509CRL> lists, boolean online, boolean softFail) {
    return new TimestampVerifier(given, new RevocationCheck(lists, online, softFail), clock);
  }

  /**
   * What the time stamps of a bundle prove.
   *
   * @param times the verified times, the earliest first
   * @param problems why others do not count
   */
  public record Result(List<VerificationTime> times, List<String> problems) {
    /** Copies the lists. */
    public Result {
      times = List.copyOf(times);
      problems = List.copyOf(problems);
    }
  }

  /** Verifies the time stamps of a bundle. */
  public Result verify(Bundle bundle) {
    List<Bytes> tokens = bundle.rfc3161Timestamps();
    if (tokens.size() > MAX_TOKENS) {
      return new Result(
          List.of(),
          List.of(
              "the bundle has "
                  + tokens.size()
                  + " time stamps, expected at most "
                  + MAX_TOKENS
                  + "; none was used"));
    }
    List<VerificationTime> times = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    // The services that tell of revocations have one time for all time stamps of a bundle.
    TimestampVerifier started = new TimestampVerifier(given, revocation.started(), clock);
    for (int i = 0; i < tokens.size(); i++) {
      try {
        times.add(started.verify(tokens.get(i), bundle.envelope().signature(), problems));
      } catch (UntrustedTimestampException | RuntimeException e) {
        // The library throws unchecked exceptions at tokens that strangers put together.
        problems.add(
            "the time stamp rfc3161Timestamps[" + i + "] does not count: " + e.getMessage());
      }
    }
    times.sort(Comparator.comparing(VerificationTime::instant));
    return new Result(times, problems);
  }

  private VerificationTime verify(Bytes response, Bytes signature, List<String> warnings)
      throws UntrustedTimestampException {
    TimestampToken token = TimestampToken.parse(response);
    token.requireOver(signature);
    X509Certificate signer = token.signer(given);
    token.requireSignedBy(signer);
    Instant time = token.time();
    Instant now = clock.instant();
    if (time.isAfter(now.plus(MAX_SKEW))) {
      throw new UntrustedTimestampException("its time " + time + " is in the future");
    }
    try {
      TrustedCertificates trusted = TrustedCertificates.of(given);
      CertificationPath path =
          trusted.toTheTop(
              new PathBuilder(trusted, KeyPurpose.TIME_STAMPING)
                  .build(signer, token.certificates(), time));
      warnings.addAll(revocation.require(path, now, List.of(time), Optional.of(time)));
    } catch (UntrustedCertificateException | RevokedException e) {
      throw new UntrustedTimestampException("its authority is not trusted: " + e.getMessage(), e);
    }
    return new VerificationTime(
        time, Source.TIMESTAMP, signer.getSubjectX500Principal().toString());
  }
}
