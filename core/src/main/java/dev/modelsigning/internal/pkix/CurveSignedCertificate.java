package dev.modelsigning.internal.pkix;

import dev.modelsigning.internal.curve.CurvePoint;
import dev.modelsigning.internal.curve.EcdsaHash;
import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * A certificate whose signature by ECDSA is verified in the same way as all others, by {@link
 * CurvePoint}: the JDK accepts some encodings that are none, refuses some valid signatures, and
 * needs a tenth of a verification for the first one. Everything else is left to the certificate
 * that was read.
 *
 * <p>So the JDK's validator of paths decides on this signature by our arithmetic: it asks the
 * certificate to verify itself.
 */
final class CurveSignedCertificate extends X509Certificate {

  private static final long serialVersionUID = 1L;

  private final X509Certificate certificate;
  private final EcdsaHash hash;

  /** A key that it verified with: a path is found by signatures, and then validated. */
  private volatile @Nullable PublicKey verifiedWith;

  private CurveSignedCertificate(X509Certificate certificate, EcdsaHash hash) {
    this.certificate = certificate;
    this.hash = hash;
  }

  /** The same certificate; one of this class if it is signed by ECDSA. */
  static X509Certificate of(X509Certificate certificate) {
    if (certificate instanceof CurveSignedCertificate) {
      return certificate;
    }
    Optional<EcdsaHash> hash = EcdsaHash.identified(certificate.getSigAlgOID());
    // The JDK takes parameters that are NULL for none.
    return hash.isPresent() && certificate.getSigAlgParams() == null
        ? new CurveSignedCertificate(certificate, hash.get())
        : certificate;
  }

  @Override
  public void verify(PublicKey key)
      throws CertificateException,
          NoSuchAlgorithmException,
          InvalidKeyException,
          SignatureException {
    if (key.equals(verifiedWith)) {
      return;
    }
    if (!(key instanceof ECPublicKey ec)) {
      throw new InvalidKeyException(
          "expected a key of an elliptic curve, as the signature is by ECDSA, found one for "
              + key.getAlgorithm());
    }
    CurvePoint point = CurvePoint.of(ec);
    byte[] digest = hash.digest().digest(certificate.getTBSCertificate());
    if (!point.isSigned(digest, certificate.getSignature())) {
      throw new SignatureException("the signature does not verify with this key");
    }
    verifiedWith = key;
  }

  /** Verifies the signature in the same way, as no provider is asked for anything. */
  @Override
  public void verify(PublicKey key, String provider)
      throws CertificateException,
          NoSuchAlgorithmException,
          InvalidKeyException,
          SignatureException {
    verify(key);
  }

  /** Verifies the signature in the same way, as no provider is asked for anything. */
  @Override
  public void verify(PublicKey key, Provider provider)
      throws CertificateException,
          NoSuchAlgorithmException,
          InvalidKeyException,
          SignatureException {
    verify(key);
  }

  @Override
  public void checkValidity() throws CertificateExpiredException, CertificateNotYetValidException {
    certificate.checkValidity();
  }

  @Override
  public void checkValidity(Date date)
      throws CertificateExpiredException, CertificateNotYetValidException {
    certificate.checkValidity(date);
  }

  @Override
  public int getVersion() {
    return certificate.getVersion();
  }

  @Override
  public BigInteger getSerialNumber() {
    return certificate.getSerialNumber();
  }

  @Override
  @SuppressWarnings("deprecation") // abstract in the JDK
  public Principal getIssuerDN() {
    return certificate.getIssuerDN();
  }

  @Override
  public X500Principal getIssuerX500Principal() {
    return certificate.getIssuerX500Principal();
  }

  @Override
  @SuppressWarnings("deprecation") // abstract in the JDK
  public Principal getSubjectDN() {
    return certificate.getSubjectDN();
  }

  @Override
  public X500Principal getSubjectX500Principal() {
    return certificate.getSubjectX500Principal();
  }

  @Override
  public Date getNotBefore() {
    return certificate.getNotBefore();
  }

  @Override
  public Date getNotAfter() {
    return certificate.getNotAfter();
  }

  @Override
  public byte[] getTBSCertificate() throws CertificateEncodingException {
    return certificate.getTBSCertificate();
  }

  @Override
  public byte[] getSignature() {
    return certificate.getSignature();
  }

  @Override
  public String getSigAlgName() {
    return certificate.getSigAlgName();
  }

  @Override
  public String getSigAlgOID() {
    return certificate.getSigAlgOID();
  }

  @Override
  public byte @Nullable [] getSigAlgParams() {
    return certificate.getSigAlgParams();
  }

  @Override
  public boolean @Nullable [] getIssuerUniqueID() {
    return certificate.getIssuerUniqueID();
  }

  @Override
  public boolean @Nullable [] getSubjectUniqueID() {
    return certificate.getSubjectUniqueID();
  }

  @Override
  public boolean @Nullable [] getKeyUsage() {
    return certificate.getKeyUsage();
  }

  @Override
  public @Nullable List<String> getExtendedKeyUsage() throws CertificateParsingException {
    return certificate.getExtendedKeyUsage();
  }

  @Override
  public int getBasicConstraints() {
    return certificate.getBasicConstraints();
  }

  @Override
  public @Nullable Collection<List<?>> getSubjectAlternativeNames()
      throws CertificateParsingException {
    return certificate.getSubjectAlternativeNames();
  }

  @Override
  public @Nullable Collection<List<?>> getIssuerAlternativeNames()
      throws CertificateParsingException {
    return certificate.getIssuerAlternativeNames();
  }

  @Override
  public boolean hasUnsupportedCriticalExtension() {
    return certificate.hasUnsupportedCriticalExtension();
  }

  @Override
  public @Nullable Set<String> getCriticalExtensionOIDs() {
    return certificate.getCriticalExtensionOIDs();
  }

  @Override
  public @Nullable Set<String> getNonCriticalExtensionOIDs() {
    return certificate.getNonCriticalExtensionOIDs();
  }

  @Override
  public byte @Nullable [] getExtensionValue(String identifier) {
    return certificate.getExtensionValue(identifier);
  }

  @Override
  public PublicKey getPublicKey() {
    return certificate.getPublicKey();
  }

  @Override
  public byte[] getEncoded() throws CertificateEncodingException {
    return certificate.getEncoded();
  }

  @Override
  public String toString() {
    return certificate.toString();
  }
}
