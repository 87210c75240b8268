package dev.modelsigning.timestamp;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.json.Printable;
import dev.modelsigning.keyfile.CertificateFile;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;

/** The token of an RFC 3161 response, as it stands in a bundle; from anybody until verified. */
final class TimestampToken {

  private static final Map<ASN1ObjectIdentifier, String> DIGESTS =
      Map.of(
          NISTObjectIdentifiers.id_sha256, "SHA-256",
          NISTObjectIdentifiers.id_sha384, "SHA-384",
          NISTObjectIdentifiers.id_sha512, "SHA-512");

  /** Signature algorithms that name a broken hash, whatever else the token says. */
  private static final Set<String> WEAK_SIGNATURES =
      Set.of(
          X9ObjectIdentifiers.ecdsa_with_SHA1.getId(),
          X9ObjectIdentifiers.id_dsa_with_sha1.getId(),
          PKCSObjectIdentifiers.sha1WithRSAEncryption.getId(),
          PKCSObjectIdentifiers.md5WithRSAEncryption.getId());

  private final TimeStampToken token;

  private TimestampToken(TimeStampToken token) {
    this.token = token;
  }

  static TimestampToken parse(Bytes response) throws UntrustedTimestampException {
    TimeStampResponse parsed;
    try {
      parsed = new TimeStampResponse(response.toArray());
    } catch (TSPException | IOException | RuntimeException e) {
      // The parser of ASN.1 throws all kinds of exceptions at bytes that are something else.
      throw new UntrustedTimestampException(
          "it is not an RFC 3161 response ("
              + Printable.quote(String.valueOf(e.getMessage()))
              + ")",
          e);
    }
    TimeStampToken token = parsed.getTimeStampToken();
    if (token == null) {
      String text = parsed.getStatusString();
      throw new UntrustedTimestampException(
          "the request was rejected, status "
              + parsed.getStatus()
              + (text == null ? "" : ": " + Printable.quote(text)));
    }
    return new TimestampToken(token);
  }

  /** When the authority says that it saw what it stamped. */
  Instant time() {
    return token.getTimeStampInfo().getGenTime().toInstant();
  }

  /** Requires that this is a time stamp over a signature, and no other bytes. */
  void requireOver(Bytes signature) throws UntrustedTimestampException {
    ASN1ObjectIdentifier algorithm = token.getTimeStampInfo().getMessageImprintAlgOID();
    if (!DIGESTS.containsKey(algorithm)) {
      throw new UntrustedTimestampException(
          "expected a digest by SHA-256, SHA-384 or SHA-512, found " + algorithm);
    }
    byte[] imprint = token.getTimeStampInfo().getMessageImprintDigest();
    if (!MessageDigest.isEqual(digest(algorithm, signature), imprint)) {
      throw new UntrustedTimestampException("it is over other bytes than this signature");
    }
  }

  static byte[] digest(ASN1ObjectIdentifier algorithm, Bytes bytes) {
    try {
      return MessageDigest.getInstance(DIGESTS.get(algorithm)).digest(bytes.toArray());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + DIGESTS.get(algorithm), e);
    }
  }

  /** The certificates that the token carries, from anybody. */
  List<X509Certificate> certificates() throws UntrustedTimestampException {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      for (X509CertificateHolder holder : token.getCertificates().getMatches(null)) {
        certificates.add(CertificateFile.parse(Bytes.of(holder.getEncoded())));
      }
      return certificates;
    } catch (CertificateException | IOException | RuntimeException e) {
      throw new UntrustedTimestampException("a certificate in it is damaged", e);
    }
  }

  /**
   * The certificate of the signer, among those that the token carries and others.
   *
   * @throws UntrustedTimestampException if it is not there
   */
  X509Certificate signer(List<X509Certificate> others) throws UntrustedTimestampException {
    List<X509Certificate> candidates = new ArrayList<>(certificates());
    candidates.addAll(others);
    for (X509Certificate candidate : candidates) {
      try {
        if (token.getSID().match(new JcaX509CertificateHolder(candidate))) {
          return candidate;
        }
      } catch (CertificateException | RuntimeException e) {
        throw new UntrustedTimestampException("a certificate in it is damaged", e);
      }
    }
    throw new UntrustedTimestampException(
        "the certificate of its signer is neither in it nor among the given ones");
  }

  /**
   * Requires a valid signature by the owner of a certificate that is for time stamping and nothing
   * else (RFC 3161 2.3) and was valid at the time.
   */
  void requireSignedBy(X509Certificate signer) throws UntrustedTimestampException {
    for (SignerInformation information : token.toCMSSignedData().getSignerInfos()) {
      String algorithm = information.getEncryptionAlgOID();
      if (!DIGESTS.containsKey(information.getDigestAlgorithmID().getAlgorithm())
          || WEAK_SIGNATURES.contains(algorithm)) {
        throw new UntrustedTimestampException(
            "expected a signature with SHA-256, SHA-384 or SHA-512, found "
                + information.getDigestAlgOID()
                + " and "
                + algorithm);
      }
    }
    try {
      token.validate(
          new JcaSimpleSignerInfoVerifierBuilder()
              .setProvider(new BouncyCastleProvider())
              .build(signer));
    } catch (TSPException | OperatorCreationException | RuntimeException e) {
      throw new UntrustedTimestampException(
          "it is not validly signed for time stamping: "
              + Printable.escape(String.valueOf(e.getMessage())),
          e);
    }
  }
}
