package dev.modelsigning.certificate;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.bundle.VerificationMaterial.X509CertificateChain;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.internal.keyfile.KeyStoreFile;
import dev.modelsigning.internal.keyfile.PrivateKeyFile;
import dev.modelsigning.internal.pkix.AlgorithmPolicy;
import dev.modelsigning.internal.pkix.Certificates;
import dev.modelsigning.internal.pkix.ChainEnd;
import dev.modelsigning.internal.pkix.PathBuilder;
import dev.modelsigning.internal.pkix.RefusedAlgorithmException;
import dev.modelsigning.internal.pkix.UntrustedCertificateException;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.CertificateIdentity;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signingkey.InvalidSignatureException;
import dev.modelsigning.signingkey.SecretSource;
import dev.modelsigning.signingkey.SigningKey;
import dev.modelsigning.signingkey.VerifyingKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Signs with an elliptic-curve private key on P-256, P-384 or P-521 and the X.509 certificate of
 * its owner (method {@code certificate}, OMS 4.1). Signers are immutable and may be used by several
 * threads if their key may.
 */
public final class CertificateSigner implements PayloadSigner {

  private final SigningKey key;
  private final SignerCertificate signer;
  private final List<X509Certificate> chain;
  private final Clock clock;

  private CertificateSigner(
      SigningKey key, SignerCertificate signer, List<X509Certificate> chain, Clock clock) {
    this.key = key;
    this.signer = signer;
    this.chain = chain;
    this.clock = clock;
  }

  /**
   * Loads a private key that is not encrypted, and its certificate.
   *
   * @param privateKey a PEM file with a key in SEC 1 or PKCS #8 form
   * @param certificate a file with the certificate of the signer, in PEM or DER; intermediate
   *     certificates may follow it in the file
   * @throws IOException if a file cannot be read
   * @throws SigningException if a file does not have the expected content, the key is encrypted or
   *     does not match the certificate, or the certificate may not be used for signing now
   */
  public static CertificateSigner load(Path privateKey, Path certificate)
      throws IOException, SigningException {
    return load(privateKey, certificate, List.of(), SecretSource.NONE);
  }

  /**
   * Loads a private key that may be encrypted, and its certificate.
   *
   * @param privateKey a PEM file with a key in SEC 1 or PKCS #8 form
   * @param certificate a file with the certificate of the signer, in PEM or DER; certificates that
   *     follow it in the file belong to the chain
   * @param chain files with intermediate certificates, in order from the signer's issuer upwards
   * @param passwords supplies the password if the key is encrypted
   * @throws IOException if a file or the password cannot be read
   * @throws SigningException if a file does not have the expected content, the key does not match
   *     the certificate, or the certificate may not be used for signing now
   */
  public static CertificateSigner load(
      Path privateKey, Path certificate, List<Path> chain, SecretSource passwords)
      throws IOException, SigningException {
    List<X509Certificate> certificates = read(certificate, chain);
    return using(PrivateKeyFile.read(privateKey, passwords), certificates);
  }

  /**
   * Loads the certificate for a key that is held elsewhere.
   *
   * @param key the key
   * @param certificate a file with its certificate, in PEM or DER; certificates that follow it in
   *     the file belong to the chain
   * @param chain files with intermediate certificates, in order from the signer's issuer upwards
   * @throws IOException if a file cannot be read, or the key cannot be reached
   * @throws SigningException if a file does not have the expected content, the key does not match
   *     the certificate, or the certificate may not be used for signing now
   */
  public static CertificateSigner load(SigningKey key, Path certificate, List<Path> chain)
      throws IOException, SigningException {
    return using(key, read(certificate, chain));
  }

  /**
   * Reads the certificates of a signer, so that errors in them are reported before a password or
   * PIN is requested.
   *
   * @param certificate a file with the certificate of the signer, in PEM or DER; certificates that
   *     follow it in the file belong to the chain
   * @param chain files with intermediate certificates, in order from the signer's issuer upwards
   * @return all of them, the signer's first
   * @throws IOException if a file cannot be read
   * @throws SigningException if a file does not have the expected content
   */
  public static List<X509Certificate> read(Path certificate, List<Path> chain)
      throws IOException, SigningException {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      certificates.addAll(CertificateFile.read(certificate));
      for (Path file : chain) {
        certificates.addAll(CertificateFile.read(file));
      }
    } catch (UnusableTrustException e) {
      throw new SigningException(String.valueOf(e.getMessage()), e);
    }
    return certificates;
  }

  /**
   * Loads a private key and its certificates from a key store.
   *
   * @param keyStore a file in PKCS #12 or JKS form
   * @param alias the alias of the entry; null if only one entry has a private key
   * @param chain files with further intermediate certificates
   * @param passwords supplies the password of the store
   * @throws IOException if a file or the password cannot be read
   * @throws SigningException if the store does not have the expected content, the password is
   *     wrong, or the certificate may not be used for signing now
   */
  public static CertificateSigner loadKeyStore(
      Path keyStore, @Nullable String alias, List<Path> chain, SecretSource passwords)
      throws IOException, SigningException {
    KeyStoreFile.Entry entry = KeyStoreFile.read(keyStore, alias, passwords);
    List<X509Certificate> certificates = new ArrayList<>(entry.chain());
    try {
      for (Path file : chain) {
        certificates.addAll(CertificateFile.read(file));
      }
    } catch (UnusableTrustException e) {
      throw new SigningException(String.valueOf(e.getMessage()), e);
    }
    return using(entry.privateKey(), certificates);
  }

  /**
   * Returns a signer with a key of any JCA provider.
   *
   * @param privateKey the key; it need not be extractable
   * @param certificates the signer's certificate, followed by intermediate certificates
   * @throws SigningException if the key does not match the certificate, or the certificate may not
   *     be used for signing now
   */
  public static CertificateSigner using(PrivateKey privateKey, List<X509Certificate> certificates)
      throws SigningException {
    return using(privateKey, certificates, Clock.systemUTC());
  }

  static CertificateSigner using(
      PrivateKey privateKey, List<X509Certificate> certificates, Clock clock)
      throws SigningException {
    try {
      return using(SigningKey.of(privateKey, certificates), certificates, clock);
    } catch (InvalidKeyException e) {
      throw new SigningException(
          "the certificate " + Certificates.name(certificates.get(0)) + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IllegalStateException("a key of the JDK is reached without input or output", e);
    }
  }

  /**
   * Returns a signer with a key that is held elsewhere. If its public key is not known, it makes a
   * test signature (proof of possession).
   *
   * @param key the key
   * @param certificates the signer's certificate, followed by intermediate certificates
   * @throws IOException if the key cannot be reached
   * @throws SigningException if the key does not match the certificate, or the certificate may not
   *     be used for signing now
   */
  public static CertificateSigner using(SigningKey key, List<X509Certificate> certificates)
      throws IOException, SigningException {
    return using(key, certificates, Clock.systemUTC());
  }

  private static CertificateSigner using(
      SigningKey key, List<X509Certificate> certificates, Clock clock)
      throws IOException, SigningException {
    try {
      SignerCertificate signer = SignerCertificate.of(certificates.get(0));
      signer.requireSigningUsage();
      Set<X509Certificate> distinct = new LinkedHashSet<>(certificates);
      if (distinct.size() > PathBuilder.MAX_UNTRUSTED + 1) {
        throw new SigningException(
            "too many certificates: expected at most "
                + (PathBuilder.MAX_UNTRUSTED + 1)
                + " in a chain, found "
                + distinct.size()
                + "; give only those between the signer and the root");
      }
      requireAllowed(distinct);
      CertificateSigner result = new CertificateSigner(key, signer, List.copyOf(distinct), clock);
      result.requireValid();
      result.requireMatchingKey();
      return result;
    } catch (UntrustedCertificateException e) {
      throw new SigningException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Applies the verifier's requirements to the keys and to the signer's certificate. */
  private static void requireAllowed(Set<X509Certificate> certificates) throws SigningException {
    for (X509Certificate certificate : certificates) {
      try {
        AlgorithmPolicy.requireKey(certificate);
        boolean signers = certificate.equals(certificates.iterator().next());
        boolean reliedOn =
            !certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
        if (signers && reliedOn) {
          AlgorithmPolicy.requireSignature(certificate);
        }
      } catch (RefusedAlgorithmException e) {
        throw new SigningException(
            "the certificate "
                + Certificates.name(certificate)
                + " would be refused by every verifier: "
                + e.getMessage(),
            e);
      }
    }
  }

  /** The signer, as a verifier will report it. */
  public CertificateIdentity identity() {
    return signer
        .identity(Optional.empty(), Optional.empty())
        .withKeyService(signer.publicKey().from(key.service()).service());
  }

  /**
   * Returns a verifier for bundles that were signed with the same certificate. It validates no
   * certification path and no time: who holds the key needs nobody to vouch for it.
   */
  public BundleVerifier ownVerifier() {
    return new OwnSignatures(signer.certificate());
  }

  @Override
  public List<SignedPayload> sign(List<Payload> payloads) throws IOException, SigningException {
    X509CertificateChain encoded = encodedChain();
    List<SignedPayload> signed = new ArrayList<>(payloads.size());
    for (Payload payload : payloads) {
      // Checked again: hashing, or waiting for a PIN, may have taken hours.
      requireValid();
      Bytes encoding = payload.pae();
      Bytes signature = key.sign(encoding);
      requireSignature(encoding, signature);
      signed.add(
          new SignedPayload(
              Bundle.of(encoded, new Envelope(payload, signature)),
              identity(),
              List.of(),
              findings()));
    }
    return signed;
  }

  private List<Finding> findings() {
    return ChainEnd.missing(chain).stream()
        .map(missing -> Finding.of(Rules.CHAIN_INCOMPLETE, missing))
        .toList();
  }

  private X509CertificateChain encodedChain() throws SigningException {
    List<Bytes> encoded = new ArrayList<>();
    try {
      for (X509Certificate certificate : chain) {
        encoded.add(Bytes.of(certificate.getEncoded()));
      }
    } catch (CertificateEncodingException e) {
      throw new SigningException("a certificate has no encoding: " + e.getMessage(), e);
    }
    return new X509CertificateChain(encoded);
  }

  private void requireValid() throws SigningException {
    try {
      Certificates.requireValid(signer.certificate(), clock.instant());
    } catch (UntrustedCertificateException e) {
      throw new SigningException(
          e.getMessage() + "; nothing was signed, get a certificate that is valid now", e);
    }
  }

  /** Proof of possession if the public key of the key is not known: verifies a test signature. */
  private void requireMatchingKey() throws IOException, SigningException {
    Optional<PublicKey> known = key.publicKey();
    if (!key.scheme().equals(signer.publicKey().scheme())
        || (known.isPresent() && !isOfCertificate(known.get()))) {
      throw otherKey();
    }
    if (known.isEmpty()) {
      Bytes message =
          Bytes.of("does this key belong to this certificate?".getBytes(StandardCharsets.US_ASCII));
      requireSignature(message, key.sign(message));
    }
  }

  private boolean isOfCertificate(PublicKey known) throws SigningException {
    try {
      return VerifyingKey.of(known).equals(signer.publicKey());
    } catch (InvalidKeyException e) {
      throw new SigningException(
          "the public key that belongs to " + key.description() + ": " + e.getMessage(), e);
    }
  }

  private void requireSignature(Bytes message, Bytes signature) throws SigningException {
    try {
      signer.publicKey().verify(message, signature);
    } catch (InvalidSignatureException e) {
      if (e.getCause() == null) {
        throw otherKey();
      }
      throw new SigningException("the key of the certificate cannot be used: " + e.getMessage(), e);
    }
  }

  private SigningException otherKey() {
    return new SigningException(
        key.description()
            + " is not the one of the certificate "
            + Certificates.name(signer.certificate())
            + "; give the certificate that was issued for this key");
  }
}
