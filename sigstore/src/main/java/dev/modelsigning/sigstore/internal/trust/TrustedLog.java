package dev.modelsigning.sigstore.internal.trust;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.pkix.AlgorithmPolicy;
import dev.modelsigning.signingkey.InvalidSignatureException;
import dev.modelsigning.signingkey.VerifyingKey;
import dev.modelsigning.sigstore.internal.message.PublicKeyDetails;
import dev.modelsigning.sigstore.internal.message.TransparencyLogInstance;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * A log of a trusted root: a transparency log of signatures or of certificates.
 *
 * @param baseUrl its address
 * @param keyId the log ID in entries
 * @param checkpointKeyId the key ID at the start of its checkpoint signatures
 * @param key its public key
 * @param validity the period in which it signs with this key
 */
public record TrustedLog(
    String baseUrl, Bytes keyId, Bytes checkpointKeyId, PublicKey key, Validity validity) {

  /** The number of bytes of the key ID in a signed note (C2SP signed-note). */
  private static final int KEY_HINT_LENGTH = 4;

  /**
   * Reads a log from a trusted root.
   *
   * @return the log, or empty if its key type is not supported: its entries are then not trusted
   * @throws GeneralSecurityException if the key is malformed
   */
  public static Optional<TrustedLog> of(TransparencyLogInstance log)
      throws GeneralSecurityException {
    // Required for every log, even for one whose key is not supported.
    TransparencyLogInstance.PublicKey written = log.publicKey();
    Validity validity = Validity.required("publicKey.validFor", written.validFor());
    if (written.keyDetails().isEmpty()) {
      return Optional.empty();
    }
    PublicKey key = publicKey(written.keyDetails().get(), written.rawBytes().toArray());
    byte[] logId = log.logId().toArray();
    byte[] checkpointKeyId = log.checkpointKeyId().toArray();
    byte[] noteKeyId = checkpointKeyId.length == 0 ? logId : checkpointKeyId;
    if (noteKeyId.length < KEY_HINT_LENGTH) {
      throw new InvalidKeyException("logId.keyId: is missing");
    }
    return Optional.of(
        new TrustedLog(
            log.baseUrl(),
            Bytes.of(logId.length == 0 ? checkpointKeyId : logId),
            Bytes.of(Arrays.copyOf(noteKeyId, KEY_HINT_LENGTH)),
            key,
            validity));
  }

  private static PublicKey publicKey(PublicKeyDetails details, byte[] raw)
      throws GeneralSecurityException {
    return switch (details) {
      case PKIX_ECDSA_P256_SHA_256, PKIX_ECDSA_P384_SHA_384, PKIX_ECDSA_P521_SHA_512 ->
          publicKey("EC", raw);
      case PKIX_ED25519 -> {
        AlgorithmPolicy.requireKey(raw);
        yield Ed25519Key.of(raw);
      }
      case PKIX_RSA_PKCS1V15_2048_SHA256,
          PKIX_RSA_PKCS1V15_3072_SHA256,
          PKIX_RSA_PKCS1V15_4096_SHA256 ->
          publicKey("RSA", raw);
      // A log of the staging instance has a key in this old format.
      case PKCS1_RSA_PKCS1V5 -> publicKey("RSA", wrapped(raw));
    };
  }

  private static PublicKey publicKey(String algorithm, byte[] encoded)
      throws GeneralSecurityException {
    AlgorithmPolicy.requireKey(encoded);
    return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
  }

  /** Wraps a PKCS #1 key in a SubjectPublicKeyInfo. */
  private static byte[] wrapped(byte[] raw) throws InvalidKeyException {
    try {
      return new SubjectPublicKeyInfo(
              new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE), raw)
          .getEncoded();
    } catch (IOException e) {
      throw new InvalidKeyException("not an RSA key in the form of PKCS #1", e);
    }
  }

  private static boolean hasSigned(VerifyingKey key, Bytes message, Bytes signature)
      throws InvalidKeyException {
    try {
      key.verify(message, signature);
      return true;
    } catch (InvalidSignatureException e) {
      if (e.getCause() != null) {
        throw new InvalidKeyException(e.getMessage(), e);
      }
      return false;
    }
  }

  /** Whether a signature verifies with the key of this log, independently of the time. */
  public boolean hasSigned(Bytes message, Bytes signature) throws GeneralSecurityException {
    if (key instanceof ECKey) {
      return hasSigned(VerifyingKey.of(key), message, signature);
    }
    if (key instanceof Ed25519Key edwards) {
      return edwards.hasSigned(message, signature);
    }
    if (!(key instanceof RSAPublicKey)) {
      throw new InvalidKeyException("keys for " + key.getAlgorithm() + " do not sign logs");
    }
    Signature verifier = Signature.getInstance("SHA256withRSA");
    verifier.initVerify(key);
    verifier.update(message.toArray());
    try {
      return verifier.verify(signature.toArray());
    } catch (SignatureException e) {
      // Not even a valid encoding of a signature.
      return false;
    }
  }
}
