package dev.modelsigning.timestamp;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.LaterTimestamps;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.internal.pkix.AlgorithmPolicy;
import dev.modelsigning.internal.pkix.Certificates;
import dev.modelsigning.internal.pkix.PathBuilder;
import dev.modelsigning.internal.pkix.RefusedAlgorithmException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.cmp.PKIStatus;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cms.DefaultCMSSignatureAlgorithmNameGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.SignerInformationVerifier;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;

/** The token of an RFC 3161 response, as stored in a bundle; untrusted until verified. */
final class TimestampToken {

  private static final Map<ASN1ObjectIdentifier, String> DIGESTS =
      Map.of(
          NISTObjectIdentifiers.id_sha256, "SHA-256",
          NISTObjectIdentifiers.id_sha384, "SHA-384",
          NISTObjectIdentifiers.id_sha512, "SHA-512");

  /**
   * Identifiers of key types used as signature algorithms: the digest algorithm then determines the
   * hash.
   */
  private static final Set<String> KEYS_ALONE =
      Set.of(
          PKCSObjectIdentifiers.rsaEncryption.getId(), X9ObjectIdentifiers.id_ecPublicKey.getId());

  /** The size limit for responses of authorities. */
  private static final int MAX_SIZE = 1024 * 1024;

  private static final int MAX_CERTIFICATES = PathBuilder.MAX_UNTRUSTED + 1;

  /** Indexes of {@code digitalSignature} and {@code nonRepudiation} (RFC 5280 4.2.1.3). */
  private static final int DIGITAL_SIGNATURE = 0;

  private static final int NON_REPUDIATION = 1;

  private final TimeStampToken token;

  private TimestampToken(TimeStampToken token) {
    this.token = token;
  }

  static TimestampToken parse(Bytes response) throws UntrustedTimestampException {
    requireSize(response);
    TimeStampResponse parsed;
    try {
      parsed = new TimeStampResponse(response.toArray());
    } catch (TSPException | IOException | RuntimeException e) {
      // The ASN.1 parser throws various unchecked exceptions for malformed input.
      throw new UntrustedTimestampException("it is not an RFC 3161 response", e);
    }
    TimeStampToken token = parsed.getTimeStampToken();
    boolean granted =
        parsed.getStatus() == PKIStatus.GRANTED
            || parsed.getStatus() == PKIStatus.GRANTED_WITH_MODS;
    if (token == null || !granted) {
      String text = parsed.getStatusString();
      throw new UntrustedTimestampException(
          "the request was rejected, status "
              + parsed.getStatus()
              + (text == null ? "" : ": " + Printable.quote(text)));
    }
    requireSignedData(token.toCMSSignedData().toASN1Structure());
    return new TimestampToken(token);
  }

  /**
   * Parses a token that is not in a response.
   *
   * @param encoded the token in DER
   */
  static TimestampToken parseToken(Bytes encoded) throws UntrustedTimestampException {
    requireSize(encoded);
    try {
      ContentInfo content = ContentInfo.getInstance(encoded.toArray());
      requireSignedData(content);
      return new TimestampToken(new TimeStampToken(content));
    } catch (TSPException | IOException | RuntimeException e) {
      // The ASN.1 parser throws various unchecked exceptions for malformed input.
      throw new UntrustedTimestampException("it is not an RFC 3161 time-stamp token", e);
    }
  }

  private static void requireSize(Bytes encoded) throws UntrustedTimestampException {
    if (encoded.length() > MAX_SIZE) {
      throw new UntrustedTimestampException(
          "expected a time stamp of at most " + MAX_SIZE + " bytes, found " + encoded.length());
    }
  }

  /** The library accepts signed data with any content type, and content with any tag. */
  private static void requireSignedData(ContentInfo content) throws UntrustedTimestampException {
    if (!content.getContentType().equals(CMSObjectIdentifiers.signedData)
        || !(SignedData.getInstance(content.getContent()).getEncapContentInfo().getContent()
            instanceof ASN1OctetString)) {
      throw new UntrustedTimestampException("it is not signed data (RFC 5652 5.1)");
    }
  }

  /** The time that the authority states. */
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

  /** Requires that this is a time stamp over bytes with this SHA-256. */
  void requireOverSha256(Bytes digest, String what) throws UntrustedTimestampException {
    ASN1ObjectIdentifier algorithm = token.getTimeStampInfo().getMessageImprintAlgOID();
    if (!algorithm.equals(NISTObjectIdentifiers.id_sha256)) {
      throw new UntrustedTimestampException("expected a digest by SHA-256, found " + algorithm);
    }
    if (!MessageDigest.isEqual(
        digest.toArray(), token.getTimeStampInfo().getMessageImprintDigest())) {
      throw new UntrustedTimestampException("it is over other bytes than " + what);
    }
  }

  /** Parses a time stamp of a bundle's file, and requires that it is over what it must cover. */
  static TimestampToken over(LaterTimestamps.Stamp stamp) throws UntrustedTimestampException {
    TimestampToken token = parseToken(stamp.token());
    token.requireOverSha256(stamp.sha256(), "this signature's file and the time stamps before it");
    return token;
  }

  /** The token, without the response in which it was sent. */
  Bytes encoded() throws IOException {
    return Bytes.of(token.getEncoded());
  }

  static byte[] digest(ASN1ObjectIdentifier algorithm, Bytes bytes) {
    try {
      return MessageDigest.getInstance(DIGESTS.get(algorithm)).digest(bytes.toArray());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + DIGESTS.get(algorithm), e);
    }
  }

  /** The certificates in the token, which are untrusted. */
  List<X509Certificate> certificates() throws UntrustedTimestampException {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      Collection<X509CertificateHolder> holders = token.getCertificates().getMatches(null);
      if (holders.size() > MAX_CERTIFICATES) {
        throw new UntrustedTimestampException(
            "expected at most "
                + MAX_CERTIFICATES
                + " certificates in it, found "
                + holders.size());
      }
      for (X509CertificateHolder holder : holders) {
        certificates.add(CertificateFile.parse(Bytes.of(holder.getEncoded())));
      }
      return certificates;
    } catch (CertificateException e) {
      throw new UntrustedTimestampException(
          "a certificate in it cannot be used: " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      throw new UntrustedTimestampException("a certificate in it is damaged", e);
    }
  }

  /**
   * Finds the certificate of the signer, among those in the token and others.
   *
   * @throws UntrustedTimestampException if it is not found
   */
  X509Certificate signer(Collection<X509Certificate> others) throws UntrustedTimestampException {
    List<X509Certificate> candidates = new ArrayList<>(certificates());
    candidates.addAll(others);
    for (X509Certificate candidate : candidates) {
      if (names(candidate)) {
        return candidate;
      }
    }
    throw new UntrustedTimestampException(
        "the certificate of its signer is neither in it nor among the given ones");
  }

  /**
   * The claimed signer: by subject if its certificate is in the token, else by issuer and serial
   * number.
   */
  String claimedSigner() throws UntrustedTimestampException {
    for (X509Certificate candidate : certificates()) {
      if (names(candidate)) {
        return candidate.getSubjectX500Principal().toString();
      }
    }
    return "the certificate "
        + token.getSID().getSerialNumber().toString(16).toUpperCase(Locale.ROOT)
        + " of "
        + token.getSID().getIssuer();
  }

  /** Whether the token claims to be signed with the key of a certificate, which proves nothing. */
  boolean names(X509Certificate certificate) throws UntrustedTimestampException {
    try {
      return token.getSID().match(new JcaX509CertificateHolder(certificate));
    } catch (CertificateException | RuntimeException e) {
      throw new UntrustedTimestampException("a certificate in it is damaged", e);
    }
  }

  /**
   * Requires a valid signature by the owner of a certificate that is restricted to time stamping
   * (RFC 3161 2.3) and was valid at the time. This verifies a signature with the key, if the key is
   * allowed.
   */
  void requireSignedBy(X509Certificate signer) throws UntrustedTimestampException {
    requireAlgorithms(information());
    boolean[] usage = signer.getKeyUsage();
    if (usage != null && !usage[DIGITAL_SIGNATURE] && !usage[NON_REPUDIATION]) {
      throw new UntrustedTimestampException(
          "it is not validly signed for time stamping: the key usage of "
              + Certificates.name(signer)
              + " does not have digitalSignature");
    }
    try {
      AlgorithmPolicy.requireKey(signer);
      token.validate(verifier(signer));
    } catch (RuntimeException e) {
      throw new UntrustedTimestampException(
          "it is not validly signed for time stamping: the signature, or what it is over, is"
              + " damaged",
          e);
    } catch (TSPException
        | OperatorCreationException
        | CertificateException
        | RefusedAlgorithmException e) {
      throw new UntrustedTimestampException(
          "it is not validly signed for time stamping: " + Printable.escape(reason(e)), e);
    }
  }

  /**
   * Bouncy Castle's arithmetic for elliptic curves, since the JDK accepts some invalid signatures.
   * The JDK for RSA, since Bouncy Castle would first test whether the modulus is prime, which takes
   * seconds for a large one.
   */
  private SignerInformationVerifier verifier(X509Certificate signer)
      throws OperatorCreationException, CertificateException {
    String algorithm = information().getEncryptionAlgOID();
    if (algorithm.equals(PKCSObjectIdentifiers.id_RSASSA_PSS.getId())) {
      return verifier(signer, new PssSignatures(signer.getPublicKey()));
    }
    return signer.getPublicKey() instanceof ECPublicKey key
        ? verifier(signer, new EcdsaSignatures(key))
        : new JcaSimpleSignerInfoVerifierBuilder().build(signer);
  }

  private static SignerInformationVerifier verifier(
      X509Certificate signer, SignerVerifierProvider.Signatures signatures)
      throws OperatorCreationException, CertificateException {
    return new SignerInformationVerifier(
        new DefaultCMSSignatureAlgorithmNameGenerator(),
        new DefaultSignatureAlgorithmIdentifierFinder(),
        new SignerVerifierProvider(signer, signatures),
        new JcaDigestCalculatorProviderBuilder().build());
  }

  /** The information of the only signer; the library accepts no tokens with several. */
  private SignerInformation information() {
    return token.toCMSSignedData().getSignerInfos().iterator().next();
  }

  /** The message of the library, without the names of wrapping exception classes. */
  private static String reason(Exception e) {
    Throwable cause = e.getCause();
    return String.valueOf(
        cause == null || cause.getMessage() == null ? e.getMessage() : cause.getMessage());
  }

  private static void requireAlgorithms(SignerInformation information)
      throws UntrustedTimestampException {
    String algorithm = information.getEncryptionAlgOID();
    try {
      if (!DIGESTS.containsKey(information.getDigestAlgorithmID().getAlgorithm())) {
        throw new UntrustedTimestampException(
            "expected a signature with SHA-256, SHA-384 or SHA-512, found "
                + information.getDigestAlgOID()
                + " and "
                + algorithm);
      }
      if (!KEYS_ALONE.contains(algorithm)) {
        AlgorithmPolicy.requireSignature(algorithm, information.getEncryptionAlgParams());
      }
    } catch (RefusedAlgorithmException e) {
      throw new UntrustedTimestampException(String.valueOf(e.getMessage()), e);
    }
  }
}
