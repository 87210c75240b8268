package dev.modelsigning.sigstore.internal.log;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.sigstore.internal.trust.TrustedLog;
import dev.sigstore.encryption.certificates.transparency.CTLogInfo;
import dev.sigstore.encryption.certificates.transparency.CTVerifier;
import dev.sigstore.encryption.certificates.transparency.CertificateEntry;
import dev.sigstore.encryption.certificates.transparency.DigitallySigned;
import dev.sigstore.encryption.certificates.transparency.SerializationException;
import dev.sigstore.encryption.certificates.transparency.SignedCertificateTimestamp;
import dev.sigstore.encryption.certificates.transparency.VerifiedSCT;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Verifies that a certificate was published: it contains a signed certificate timestamp of a
 * trusted log (RFC 6962), so that the owner of an identity can detect certificates that were issued
 * to others.
 */
public final class CertificateTransparency {

  /** The JDK-based verifier would also accept signatures with MD5 and SHA-1. */
  private static final Set<DigitallySigned.HashAlgorithm> HASHES =
      Set.of(
          DigitallySigned.HashAlgorithm.SHA256,
          DigitallySigned.HashAlgorithm.SHA384,
          DigitallySigned.HashAlgorithm.SHA512);

  /** The algorithm of nearly all logs, by its name in the JDK. */
  private static final String ECDSA = "SHA256withECDSA";

  private final List<TrustedLog> logs;
  private final Instant latest;

  /**
   * Creates a verifier.
   *
   * @param logs the trusted logs
   * @param latest the latest time that a timestamp may have: one in the future is not accepted (RFC
   *     6962 5.2)
   */
  public CertificateTransparency(List<TrustedLog> logs, Instant latest) {
    this.logs = logs;
    this.latest = latest;
  }

  /**
   * Refuses a certificate without a valid timestamp.
   *
   * @param path the certificate and its issuers
   */
  public void require(List<X509Certificate> path) throws VerificationException {
    CTVerifier verifier = new CTVerifier(this::find);
    List<VerifiedSCT> valid;
    int others;
    try {
      var result = verifier.verifySignedCertificateTimestamps(path, null, null);
      valid = result.getValidSCTs();
      others = result.getInvalidSCTs().size();
    } catch (GeneralSecurityException | RuntimeException e) {
      // For a malformed signature the verifier throws various unchecked exceptions.
      throw new VerificationException(
          Reason.UNTRUSTED_CERTIFICATE,
          "the signed certificate timestamp of the signer's certificate is damaged (RFC 6962)",
          e);
    }
    for (VerifiedSCT timestamp : valid) {
      Instant time = Instant.ofEpochMilli(timestamp.sct.getTimestamp());
      if (time.isAfter(latest)) {
        throw new VerificationException(
            Reason.UNTRUSTED_CERTIFICATE,
            "the signed certificate timestamp of the signer's certificate is of the future, "
                + time
                + " (RFC 6962 5.2); is the clock right?");
      }
      byte[] id = timestamp.sct.getLogID();
      if (HASHES.contains(timestamp.sct.getSignature().getHashAlgorithm())
          && logs.stream().anyMatch(log -> isIdOf(log, id) && log.validity().contains(time))) {
        return;
      }
    }
    throw new VerificationException(
        Reason.UNTRUSTED_CERTIFICATE,
        "the signer's certificate was not published: expected a signed certificate timestamp by a"
            + " trusted log, found "
            + (valid.size() + others)
            + " by others or damaged (RFC 6962)");
  }

  @SuppressWarnings("NullAway") // null tells the verifier that there is no such log
  private CTLogInfo find(byte[] id) {
    return logs.stream().filter(log -> isIdOf(log, id)).findFirst().map(Log::new).orElse(null);
  }

  /** By the key itself, not by the log ID in the trusted root. */
  private static boolean isIdOf(TrustedLog log, byte[] id) {
    return Arrays.equals(new Log(log).getID(), id);
  }

  /**
   * A log whose signatures of ECDSA are verified by the code that verifies all others of logs,
   * which has run by then.
   */
  private static final class Log extends CTLogInfo {
    private final TrustedLog log;

    Log(TrustedLog log) {
      super(log.key(), "", log.baseUrl());
      this.log = log;
    }

    @Override
    public VerifiedSCT.Status verifySingleSCT(
        SignedCertificateTimestamp timestamp, CertificateEntry entry) {
      if (!isOnP256(log.key()) || !timestamp.getSignature().getAlgorithm().equals(ECDSA)) {
        return super.verifySingleSCT(timestamp, entry);
      }
      try {
        Bytes message = Bytes.of(timestamp.encodeTBS(entry));
        if (log.hasSigned(message, Bytes.of(timestamp.getSignature().getSignature()))) {
          return VerifiedSCT.Status.VALID;
        }
      } catch (SerializationException | GeneralSecurityException e) {
        return VerifiedSCT.Status.INVALID_SCT;
      }
      // The JDK distinguishes signatures of others from damaged ones, which are exceptions.
      VerifiedSCT.Status status = super.verifySingleSCT(timestamp, entry);
      return status == VerifiedSCT.Status.VALID ? VerifiedSCT.Status.INVALID_SIGNATURE : status;
    }

    private static boolean isOnP256(PublicKey key) {
      return key instanceof ECPublicKey point && point.getParams().getOrder().bitLength() == 256;
    }
  }
}
