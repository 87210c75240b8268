package dev.modelsigning.sigstore;

import dev.modelsigning.VerificationException;
import dev.modelsigning.VerificationException.Reason;
import dev.modelsigning.VerificationTime;
import dev.modelsigning.VerificationTime.Source;
import dev.modelsigning.bundle.Bytes;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cmp.PKIStatus;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;

/**
 * Verifies time stamps over a signature (RFC 3161) by the time stamping authorities of a trusted
 * root.
 */
final class TimestampVerifier {

  private static final Map<ASN1ObjectIdentifier, String> DIGESTS =
      Map.of(
          NISTObjectIdentifiers.id_sha256, "SHA-256",
          NISTObjectIdentifiers.id_sha384, "SHA-384",
          NISTObjectIdentifiers.id_sha512, "SHA-512");

  private final List<TrustedAuthority> authorities;

  TimestampVerifier(List<TrustedAuthority> authorities) {
    this.authorities = authorities;
  }

  /**
   * The time at which a signature is known to have existed.
   *
   * @param response the response of a time stamping authority in DER
   * @param signature the signature
   */
  VerificationTime verify(Bytes response, Bytes signature) throws VerificationException {
    TimeStampToken token = token(response);
    Instant time = token.getTimeStampInfo().getGenTime().toInstant();
    requireImprint(token, signature);
    List<String> problems = new ArrayList<>();
    for (TrustedAuthority authority : authorities) {
      try {
        X509Certificate signer = signer(authority, token);
        List<X509Certificate> path = authority.path(signer, embedded(token), time);
        token.validate(new JcaSimpleSignerInfoVerifierBuilder().build(signer));
        return new VerificationTime(
            time, Source.TIMESTAMP, path.get(0).getSubjectX500Principal().getName());
      } catch (GeneralSecurityException e) {
        problems.add(authority.uri() + ": " + e.getMessage());
      } catch (OperatorCreationException | TSPException | RuntimeException e) {
        // Bouncy Castle throws unchecked exceptions on damaged tokens.
        problems.add(authority.uri() + ": its signature is damaged, or by somebody else");
      }
    }
    throw untrusted(
        "no trusted time stamping authority made the time stamp of "
            + time
            + (problems.isEmpty()
                ? ": the trusted root has none"
                : " (" + String.join("; ", problems) + ")"));
  }

  private static TimeStampToken token(Bytes response) throws VerificationException {
    try {
      TimeStampResponse read = new TimeStampResponse(response.toArray());
      TimeStampToken token = read.getTimeStampToken();
      boolean granted =
          read.getStatus() == PKIStatus.GRANTED || read.getStatus() == PKIStatus.GRANTED_WITH_MODS;
      if (token == null || !granted) {
        throw untrusted("the response of a time stamping authority grants no time stamp");
      }
      return token;
    } catch (IOException | TSPException | RuntimeException e) {
      throw new VerificationException(
          Reason.UNTRUSTED_TIMESTAMP, "a time stamp is damaged (RFC 3161)", e);
    }
  }

  private static void requireImprint(TimeStampToken token, Bytes signature)
      throws VerificationException {
    String algorithm = DIGESTS.get(token.getTimeStampInfo().getMessageImprintAlgOID());
    if (algorithm == null) {
      throw untrusted("a time stamp is over a digest that is not of the SHA-2 family");
    }
    try {
      byte[] expected = MessageDigest.getInstance(algorithm).digest(signature.toArray());
      if (!MessageDigest.isEqual(expected, token.getTimeStampInfo().getMessageImprintDigest())) {
        throw untrusted("a time stamp is over another signature");
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }

  /** The certificate of the authority that the token names; its signature is not verified yet. */
  private static X509Certificate signer(TrustedAuthority authority, TimeStampToken token)
      throws GeneralSecurityException {
    X509Certificate first = authority.chain().get(0);
    // Where the trusted root names the certificate that signs, it is no other.
    List<X509Certificate> candidates =
        first.getBasicConstraints() < 0 ? List.of(first) : embedded(token);
    for (X509Certificate candidate : candidates) {
      try {
        if (token.getSID().match(new X509CertificateHolder(candidate.getEncoded()))) {
          return candidate;
        }
      } catch (IOException e) {
        throw new CertificateException("a certificate is damaged", e);
      }
    }
    throw new CertificateException("it did not sign it");
  }

  private static List<X509Certificate> embedded(TimeStampToken token)
      throws GeneralSecurityException {
    List<X509Certificate> certificates = new ArrayList<>();
    JcaX509CertificateConverter converter = new JcaX509CertificateConverter();
    for (X509CertificateHolder holder : token.getCertificates().getMatches(null)) {
      certificates.add(converter.getCertificate(holder));
    }
    return certificates;
  }

  private static VerificationException untrusted(String problem) {
    return new VerificationException(Reason.UNTRUSTED_TIMESTAMP, problem + " (RFC 3161)");
  }
}
