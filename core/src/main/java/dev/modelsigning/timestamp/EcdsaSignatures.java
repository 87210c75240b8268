package dev.modelsigning.timestamp;

import dev.modelsigning.internal.curve.CurvePoint;
import dev.modelsigning.internal.curve.EcdsaHash;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.ECPublicKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.ContentVerifier;
import org.bouncycastle.operator.OperatorCreationException;

/**
 * Verifies ECDSA by the arithmetic of curves alone: the JDK accepts some invalid signatures, and
 * the provider of Bouncy Castle sets up all algorithms that it has, which takes a tenth of a
 * verification.
 */
final class EcdsaSignatures implements SignerVerifierProvider.Signatures {

  private final ECPublicKey key;

  EcdsaSignatures(ECPublicKey key) {
    this.key = key;
  }

  @Override
  public ContentVerifier verifier(AlgorithmIdentifier algorithm) throws OperatorCreationException {
    String identifier = algorithm.getAlgorithm().getId();
    EcdsaHash hash =
        EcdsaHash.identified(identifier)
            .orElseThrow(() ->
                new OperatorCreationException(
                    "expected a signature by ECDSA, as its signer has such a key, found "
                        + identifier));
    try {
      return new EcdsaVerifier(algorithm, CurvePoint.of(key), hash.digest());
    } catch (InvalidKeyException | NoSuchAlgorithmException e) {
      throw new OperatorCreationException(e.getMessage(), e);
    }
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
