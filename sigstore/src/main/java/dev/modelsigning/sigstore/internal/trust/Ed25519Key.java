package dev.modelsigning.sigstore.internal.trust;

import dev.modelsigning.bundle.Bytes;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.util.Arrays;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * A key for Ed25519 that verifies by the arithmetic of Bouncy Castle (RFC 8032 5.1.7). That of the
 * JDK prepares two curves and a digest before it has read a key, which is a tenth of a
 * verification, and a trusted root has such keys of logs that most bundles are not in.
 */
final class Ed25519Key implements PublicKey {

  private static final long serialVersionUID = 1;

  private final byte[] encoded;
  private final byte[] point;

  private Ed25519Key(byte[] encoded, byte[] point) {
    this.encoded = encoded;
    this.point = point;
  }

  /**
   * Takes a key that the policy of keys allows: its point is on the curve, and in its main
   * subgroup.
   *
   * @param encoded the key as SubjectPublicKeyInfo in DER
   * @throws InvalidKeyException if it is for another algorithm
   */
  static Ed25519Key of(byte[] encoded) throws InvalidKeyException {
    SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(encoded);
    if (!info.getAlgorithm().getAlgorithm().equals(EdECObjectIdentifiers.id_Ed25519)) {
      throw new InvalidKeyException("expected a key for Ed25519, found one for another algorithm");
    }
    return new Ed25519Key(encoded.clone(), info.getPublicKeyData().getOctets());
  }

  /**
   * Whether a signature verifies, by the equation without the cofactor (RFC 8032 8.9 leaves the
   * choice), as other clients of the logs do. The library is content if both sides differ by a
   * point of small order. They cannot if the point of the signature is in the main subgroup, as
   * that of the key is.
   */
  boolean hasSigned(Bytes message, Bytes signature) {
    byte[] content = message.toArray();
    byte[] given = signature.toArray();
    return given.length == Ed25519.SIGNATURE_SIZE
        && Ed25519.validatePublicKeyFull(given, 0)
        && Ed25519.verify(given, 0, point, 0, content, 0, content.length);
  }

  @Override
  public String getAlgorithm() {
    return "Ed25519";
  }

  @Override
  public String getFormat() {
    return "X.509";
  }

  @Override
  public byte[] getEncoded() {
    return encoded.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Ed25519Key that && Arrays.equals(encoded, that.encoded);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded);
  }
}
