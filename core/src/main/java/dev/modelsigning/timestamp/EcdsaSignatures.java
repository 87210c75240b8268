package dev.modelsigning.timestamp;

import dev.modelsigning.internal.curve.CurvePoint;
import dev.modelsigning.internal.curve.NamedCurve;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.ContentVerifier;
import org.bouncycastle.operator.OperatorCreationException;

/**
 * Verifies ECDSA by the arithmetic of curves alone: the JDK accepts some invalid signatures, and
 * the provider of Bouncy Castle sets up all algorithms that it has, which takes a tenth of a
 * verification.
 */
final class EcdsaSignatures implements SignerVerifierProvider.Signatures {

  private static final Map<ASN1ObjectIdentifier, String> HASHES =
      Map.of(
          X9ObjectIdentifiers.ecdsa_with_SHA256, "SHA-256",
          X9ObjectIdentifiers.ecdsa_with_SHA384, "SHA-384",
          X9ObjectIdentifiers.ecdsa_with_SHA512, "SHA-512",
          NISTObjectIdentifiers.id_ecdsa_with_sha3_256, "SHA3-256",
          NISTObjectIdentifiers.id_ecdsa_with_sha3_384, "SHA3-384",
          NISTObjectIdentifiers.id_ecdsa_with_sha3_512, "SHA3-512");

  private final ECPublicKey key;

  EcdsaSignatures(ECPublicKey key) {
    this.key = key;
  }

  @Override
  public ContentVerifier verifier(AlgorithmIdentifier algorithm) throws OperatorCreationException {
    String hash = HASHES.get(algorithm.getAlgorithm());
    if (hash == null) {
      throw new OperatorCreationException(
          "expected a signature by ECDSA, as its signer has such a key, found "
              + algorithm.getAlgorithm());
    }
    try {
      return new EcdsaVerifier(algorithm, point(), MessageDigest.getInstance(hash));
    } catch (InvalidKeyException | NoSuchAlgorithmException e) {
      throw new OperatorCreationException(e.getMessage(), e);
    }
  }

  private CurvePoint point() throws InvalidKeyException {
    for (NamedCurve curve : NamedCurve.values()) {
      if (curve.matches(key.getParams())) {
        ECPoint point = key.getW();
        return curve.point(point.getAffineX(), point.getAffineY());
      }
    }
    throw new InvalidKeyException("expected a key on P-256, P-384 or P-521");
  }

  /** What is signed is small: the attributes of one signer. */
  private record EcdsaVerifier(
      AlgorithmIdentifier algorithm,
      CurvePoint point,
      MessageDigest digest,
      ByteArrayOutputStream content)
      implements ContentVerifier {

    EcdsaVerifier(AlgorithmIdentifier algorithm, CurvePoint point, MessageDigest digest) {
      this(algorithm, point, digest, new ByteArrayOutputStream());
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return algorithm;
    }

    @Override
    public OutputStream getOutputStream() {
      return content;
    }

    @Override
    public boolean verify(byte[] expected) {
      return point.isSigned(digest.digest(content.toByteArray()), expected);
    }
  }
}
