package dev.modelsigning.internal.pkix;

import dev.modelsigning.internal.json.Printable;
import java.io.IOException;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Null;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.BasicOCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;

/**
 * The policy for keys and signature algorithms, for all untrusted input: certificates, CRLs, OCSP
 * responses, time-stamp tokens, logs. It is independent of the security properties of the platform.
 *
 * <p>Keys: elliptic curves P-256, P-384 and P-521 by name, RSA with a modulus of 2048 to 16384 bits
 * and an odd exponent from 3 to 2^32, Ed25519 and Ed448. Signatures: ECDSA, RSA (PKCS #1 v1.5 and
 * PSS) with SHA-256, SHA-384, SHA-512, SHA-512/256 or SHA-3 of that length, and EdDSA. SHA-224
 * belongs to SHA-2, but its strength is below the 128 bits of everything else here, and NIST is
 * retiring it (SP 800-131A); no authority uses it.
 */
public final class AlgorithmPolicy {

  private static final String EXPECTED =
      "expected a signature with SHA-256 or a stronger hash (ECDSA, RSA, EdDSA), found ";

  private static final Set<ASN1ObjectIdentifier> DIGESTS =
      Set.of(
          NISTObjectIdentifiers.id_sha256,
          NISTObjectIdentifiers.id_sha384,
          NISTObjectIdentifiers.id_sha512,
          NISTObjectIdentifiers.id_sha512_256,
          NISTObjectIdentifiers.id_sha3_256,
          NISTObjectIdentifiers.id_sha3_384,
          NISTObjectIdentifiers.id_sha3_512);

  private static final Set<ASN1ObjectIdentifier> SIGNATURES =
      Set.of(
          PKCSObjectIdentifiers.sha256WithRSAEncryption,
          PKCSObjectIdentifiers.sha384WithRSAEncryption,
          PKCSObjectIdentifiers.sha512WithRSAEncryption,
          PKCSObjectIdentifiers.sha512_256WithRSAEncryption,
          NISTObjectIdentifiers.id_rsassa_pkcs1_v1_5_with_sha3_256,
          NISTObjectIdentifiers.id_rsassa_pkcs1_v1_5_with_sha3_384,
          NISTObjectIdentifiers.id_rsassa_pkcs1_v1_5_with_sha3_512,
          X9ObjectIdentifiers.ecdsa_with_SHA256,
          X9ObjectIdentifiers.ecdsa_with_SHA384,
          X9ObjectIdentifiers.ecdsa_with_SHA512,
          NISTObjectIdentifiers.id_ecdsa_with_sha3_256,
          NISTObjectIdentifiers.id_ecdsa_with_sha3_384,
          NISTObjectIdentifiers.id_ecdsa_with_sha3_512,
          EdECObjectIdentifiers.id_Ed25519,
          EdECObjectIdentifiers.id_Ed448);

  private static final Map<String, String> WEAK_NAMES = weakNames();

  /**
   * More than the salt of any hash; a salt that does not fit into a key fails with its signature.
   */
  private static final BigInteger MAX_SALT = BigInteger.valueOf(2048);

  private AlgorithmPolicy() {}

  /**
   * Requires an allowed key. The check is cheap, and precedes every other parser of the key.
   *
   * @param subjectPublicKeyInfo the key in DER (RFC 5280 4.1.2.7)
   * @throws RefusedAlgorithmException if the key is of another kind or size, or malformed
   */
  public static void requireKey(byte[] subjectPublicKeyInfo) throws RefusedAlgorithmException {
    KeyPolicy.require(subjectPublicKeyInfo);
  }

  /**
   * Requires an allowed key.
   *
   * @throws RefusedAlgorithmException if the key is of another kind or size, or has no encoding
   */
  public static void requireKey(PublicKey key) throws RefusedAlgorithmException {
    byte[] encoded = key.getEncoded();
    if (encoded == null) {
      throw new RefusedAlgorithmException("the public key has no encoding");
    }
    requireKey(encoded);
  }

  /**
   * Requires that the key in a certificate is allowed. Its signature is checked separately, since
   * that of a trust anchor is not relied on.
   *
   * @throws RefusedAlgorithmException if the key is of another kind or size, or malformed
   */
  public static void requireKey(X509Certificate certificate) throws RefusedAlgorithmException {
    try {
      requireKeyOfCertificate(encoded(certificate));
    } catch (CertificateException e) {
      throw new RefusedAlgorithmException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Requires that the key in a certificate is allowed, before it reaches a parser of certificates.
   *
   * @param certificate the certificate in DER
   * @throws RefusedAlgorithmException if the key is of another kind or size
   * @throws CertificateException if the certificate is malformed
   */
  public static void requireKeyOfCertificate(byte[] certificate)
      throws RefusedAlgorithmException, CertificateException {
    byte[] key;
    try {
      ASN1Sequence body = body(certificate);
      key = body.getObjectAt(first(body) + 5).toASN1Primitive().getEncoded(ASN1Encoding.DER);
    } catch (IOException | RuntimeException e) {
      throw new CertificateException("a certificate is damaged", e);
    }
    requireKey(key);
  }

  /**
   * Requires that a certificate is signed by an allowed algorithm, and that the signed and the
   * outer algorithm identifiers are equal (RFC 5280 4.1.1.2).
   *
   * @throws RefusedAlgorithmException if it is not
   */
  public static void requireSignature(X509Certificate certificate)
      throws RefusedAlgorithmException {
    requireSignatureOfCertificate(encoded(certificate));
  }

  private static void requireSignatureOfCertificate(byte[] certificate)
      throws RefusedAlgorithmException {
    AlgorithmIdentifier outer;
    AlgorithmIdentifier inner;
    try {
      ASN1Sequence body = body(certificate);
      inner = AlgorithmIdentifier.getInstance(body.getObjectAt(first(body) + 1));
      outer = AlgorithmIdentifier.getInstance(ASN1Sequence.getInstance(certificate).getObjectAt(1));
    } catch (RuntimeException e) {
      throw new RefusedAlgorithmException("a certificate is damaged", e);
    }
    if (!outer.equals(inner)) {
      throw new RefusedAlgorithmException(
          "the certificate names two signature algorithms, "
              + name(inner.getAlgorithm())
              + " and "
              + name(outer.getAlgorithm())
              + ", expected one");
    }
    requireSignature(outer);
  }

  /**
   * Requires that a CRL is signed with an allowed algorithm. The key that verifies it belongs to a
   * certificate, and is checked there.
   *
   * @throws RefusedAlgorithmException if it is not
   */
  public static void requireSignature(X509CRL list) throws RefusedAlgorithmException {
    requireSignature(list.getSigAlgOID(), list.getSigAlgParams());
  }

  /**
   * Requires that an OCSP response (RFC 6960) and the certificates in it are signed with allowed
   * algorithms, and that these certificates have allowed keys. An error response is not signed and
   * passes. The hash in certificate identifiers is not checked: it serves for look-up only.
   *
   * @param response the response in DER
   * @throws RefusedAlgorithmException if something in it is not allowed, or it cannot be read
   */
  public static void requireOcspResponse(byte[] response) throws RefusedAlgorithmException {
    BasicOCSPResponse basic;
    try {
      OCSPResponse read = OCSPResponse.getInstance(ASN1Primitive.fromByteArray(response));
      if (read.getResponseBytes() == null) {
        return;
      }
      if (!read.getResponseBytes()
          .getResponseType()
          .equals(OCSPObjectIdentifiers.id_pkix_ocsp_basic)) {
        throw new IOException("not a basic response");
      }
      basic = BasicOCSPResponse.getInstance(read.getResponseBytes().getResponse().getOctets());
    } catch (IOException | RuntimeException e) {
      throw new RefusedAlgorithmException("the OCSP response is damaged", e);
    }
    requireSignature(basic.getSignatureAlgorithm());
    ASN1Sequence certificates = basic.getCerts();
    for (int i = 0; certificates != null && i < certificates.size(); i++) {
      try {
        byte[] certificate =
            certificates.getObjectAt(i).toASN1Primitive().getEncoded(ASN1Encoding.DER);
        requireKeyOfCertificate(certificate);
        requireSignatureOfCertificate(certificate);
      } catch (IOException | CertificateException e) {
        throw new RefusedAlgorithmException("a certificate in the OCSP response is damaged", e);
      }
    }
  }

  /**
   * Requires an allowed signature algorithm.
   *
   * @param identifier its object identifier, in dotted-decimal notation
   * @param parameters its parameters in DER; null if it has none
   * @throws RefusedAlgorithmException if it is not allowed
   */
  public static void requireSignature(String identifier, byte @Nullable [] parameters)
      throws RefusedAlgorithmException {
    AlgorithmIdentifier algorithm;
    try {
      algorithm =
          new AlgorithmIdentifier(
              new ASN1ObjectIdentifier(identifier),
              parameters == null ? null : ASN1Primitive.fromByteArray(parameters));
    } catch (IOException | RuntimeException e) {
      throw new RefusedAlgorithmException("a signature algorithm is damaged", e);
    }
    requireSignature(algorithm);
  }

  private static void requireSignature(AlgorithmIdentifier algorithm)
      throws RefusedAlgorithmException {
    ASN1ObjectIdentifier identifier = algorithm.getAlgorithm();
    if (identifier.equals(PKCSObjectIdentifiers.id_RSASSA_PSS)) {
      requirePss(algorithm.getParameters());
      return;
    }
    if (!SIGNATURES.contains(identifier)) {
      throw new RefusedAlgorithmException(EXPECTED + name(identifier));
    }
    requireNoParameters(algorithm);
  }

  /** Of the parameters, only the hash and the length of the salt may be chosen (RFC 4055 3.1). */
  private static void requirePss(@Nullable ASN1Encodable parameters)
      throws RefusedAlgorithmException {
    AlgorithmIdentifier hash;
    AlgorithmIdentifier maskHash;
    boolean form;
    try {
      // For absent parameters, or absent fields of them, the default is SHA-1.
      RSASSAPSSparams read = RSASSAPSSparams.getInstance(ASN1Sequence.getInstance(parameters));
      hash = read.getHashAlgorithm();
      maskHash = AlgorithmIdentifier.getInstance(read.getMaskGenAlgorithm().getParameters());
      form =
          read.getMaskGenAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.id_mgf1)
              && read.getTrailerField().equals(BigInteger.ONE)
              && read.getSaltLength().signum() >= 0
              && read.getSaltLength().compareTo(MAX_SALT) <= 0;
    } catch (RuntimeException e) {
      throw new RefusedAlgorithmException(EXPECTED + "RSASSA-PSS without usable parameters", e);
    }
    if (!form) {
      throw new RefusedAlgorithmException(EXPECTED + "RSASSA-PSS with unusual parameters");
    }
    for (AlgorithmIdentifier each : new AlgorithmIdentifier[] {hash, maskHash}) {
      if (!DIGESTS.contains(each.getAlgorithm())) {
        throw new RefusedAlgorithmException(
            EXPECTED + "RSASSA-PSS with " + name(each.getAlgorithm()));
      }
      requireNoParameters(each);
    }
  }

  private static void requireNoParameters(AlgorithmIdentifier algorithm)
      throws RefusedAlgorithmException {
    ASN1Encodable parameters = algorithm.getParameters();
    if (parameters != null && !(parameters.toASN1Primitive() instanceof ASN1Null)) {
      throw new RefusedAlgorithmException(
          "expected no parameters for the algorithm " + name(algorithm.getAlgorithm()));
    }
  }

  /**
   * Requires an allowed hash function.
   *
   * @param identifier its object identifier, in dotted-decimal notation
   * @throws RefusedAlgorithmException if it is weaker than SHA-256, or unknown
   */
  public static void requireDigest(String identifier) throws RefusedAlgorithmException {
    if (DIGESTS.stream().noneMatch(each -> each.getId().equals(identifier))) {
      String weak = WEAK_NAMES.get(identifier);
      throw new RefusedAlgorithmException(
          "expected a digest by SHA-256 or a stronger hash, found "
              + (weak == null ? Printable.quote(identifier) : weak));
    }
  }

  /** The fields of the signed part of a certificate. */
  private static ASN1Sequence body(byte[] certificate) {
    return ASN1Sequence.getInstance(ASN1Sequence.getInstance(certificate).getObjectAt(0));
  }

  /** The index of the serial number: version 1 is not encoded. */
  private static int first(ASN1Sequence body) {
    return body.getObjectAt(0) instanceof ASN1TaggedObject ? 1 : 0;
  }

  private static byte[] encoded(X509Certificate certificate) throws RefusedAlgorithmException {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new RefusedAlgorithmException("a certificate has no encoding", e);
    }
  }

  private static String name(ASN1ObjectIdentifier identifier) {
    String weak = WEAK_NAMES.get(identifier.getId());
    return weak == null ? Printable.quote(identifier.getId()) : weak;
  }

  /** Weak algorithms that still occur, with their names for messages. */
  private static Map<String, String> weakNames() {
    return Map.ofEntries(
        Map.entry("1.2.840.113549.1.1.2", "MD2 with RSA"),
        Map.entry("1.2.840.113549.1.1.3", "MD4 with RSA"),
        Map.entry("1.2.840.113549.1.1.4", "MD5 with RSA"),
        Map.entry("1.2.840.113549.1.1.5", "SHA-1 with RSA"),
        Map.entry("1.3.14.3.2.29", "SHA-1 with RSA"),
        Map.entry("1.2.840.113549.1.1.14", "SHA-224 with RSA"),
        Map.entry("1.2.840.10045.4.1", "SHA-1 with ECDSA"),
        Map.entry("1.2.840.10045.4.3.1", "SHA-224 with ECDSA"),
        Map.entry("1.2.840.10040.4.3", "SHA-1 with DSA"),
        Map.entry("2.16.840.1.101.3.4.3.2", "SHA-256 with DSA"),
        Map.entry("1.2.840.113549.2.5", "MD5"),
        Map.entry("1.3.14.3.2.26", "SHA-1"),
        Map.entry("2.16.840.1.101.3.4.2.4", "SHA-224"));
  }
}
