package dev.modelsigning.internal.pkix;

import dev.modelsigning.internal.curve.NamedCurve;
import dev.modelsigning.internal.json.Printable;
import java.io.IOException;
import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Null;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.bouncycastle.math.ec.rfc8032.Ed448;
import org.jspecify.annotations.Nullable;

/**
 * The policy for public keys, based on their encoding alone (SubjectPublicKeyInfo, RFC 5280
 * 4.1.2.7). The cost of using a key grows up to the cube of its length, which an attacker may
 * choose; so this check precedes every computation with a key and every parser of keys.
 */
final class KeyPolicy {

  private static final int MIN_RSA_BITS = 2048;
  private static final int MAX_RSA_BITS = 16_384;

  /** Every exponent in use is far below this; the cost of a verification grows with its length. */
  private static final int MAX_RSA_EXPONENT_BITS = 32;

  /** The length of the longest allowed key: 16384 bits of RSA with its exponent. */
  private static final int MAX_LENGTH = 4096;

  private static final String EXPECTED =
      "expected an elliptic-curve key on P-256, P-384 or P-521, an RSA key of "
          + MIN_RSA_BITS
          + " to "
          + MAX_RSA_BITS
          + " bits, Ed25519 or Ed448, found ";

  private KeyPolicy() {}

  /** Requires an allowed key, given as SubjectPublicKeyInfo in DER. */
  static void require(byte[] encoded) throws RefusedAlgorithmException {
    if (encoded.length > MAX_LENGTH) {
      throw new RefusedAlgorithmException(EXPECTED + "a key of " + encoded.length + " bytes");
    }
    ASN1ObjectIdentifier type;
    @Nullable ASN1Encodable parameters;
    ASN1BitString key;
    try {
      ASN1Sequence info = sequence(encoded, 2);
      ASN1Sequence algorithm = ASN1Sequence.getInstance(info.getObjectAt(0));
      if (algorithm.size() > 2) {
        throw new IOException("its algorithm has too many parameters");
      }
      type = ASN1ObjectIdentifier.getInstance(algorithm.getObjectAt(0));
      parameters = algorithm.size() == 2 ? algorithm.getObjectAt(1) : null;
      key = ASN1BitString.getInstance(info.getObjectAt(1));
      if (key.getPadBits() != 0) {
        throw new IOException("it does not consist of bytes");
      }
    } catch (IOException | RuntimeException e) {
      throw damaged(e);
    }
    if (type.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      requireEc(parameters, key.getOctets());
    } else if (type.equals(PKCSObjectIdentifiers.rsaEncryption)) {
      requireRsa(parameters, key.getOctets());
    } else if (type.equals(EdECObjectIdentifiers.id_Ed25519)) {
      byte[] point = key.getOctets();
      requireEdwards(
          "Ed25519",
          parameters,
          point.length == Ed25519.PUBLIC_KEY_SIZE && Ed25519.validatePublicKeyFull(point, 0));
    } else if (type.equals(EdECObjectIdentifiers.id_Ed448)) {
      byte[] point = key.getOctets();
      requireEdwards(
          "Ed448",
          parameters,
          point.length == Ed448.PUBLIC_KEY_SIZE && Ed448.validatePublicKeyFull(point, 0));
    } else {
      throw new RefusedAlgorithmException(EXPECTED + "a key for " + name(type));
    }
  }

  private static void requireEc(@Nullable ASN1Encodable parameters, byte[] point)
      throws RefusedAlgorithmException {
    if (!(parameters instanceof ASN1ObjectIdentifier curve)) {
      throw new RefusedAlgorithmException(
          EXPECTED + "an elliptic-curve key that does not name its curve");
    }
    Optional<NamedCurve> named = NamedCurve.identified(curve.getId());
    if (named.isEmpty()) {
      throw new RefusedAlgorithmException(EXPECTED + "an elliptic-curve key on the curve " + curve);
    }
    String refusal = "the elliptic-curve key is no point of its curve " + named.get().nistName();
    // The point may be compressed, but not in the hybrid form, which is not used (SEC 1 2.3.3).
    if (point.length == 0 || point[0] < 2 || point[0] > 4) {
      throw new RefusedAlgorithmException(refusal);
    }
    try {
      named.get().decode(point);
    } catch (InvalidKeyException | RuntimeException e) {
      throw new RefusedAlgorithmException(refusal, e);
    }
  }

  private static void requireRsa(@Nullable ASN1Encodable parameters, byte[] encoded)
      throws RefusedAlgorithmException {
    BigInteger modulus;
    BigInteger exponent;
    try {
      if (parameters != null && !(parameters instanceof ASN1Null)) {
        throw new IOException("its algorithm has parameters");
      }
      ASN1Sequence key = sequence(encoded, 2);
      modulus = ASN1Integer.getInstance(key.getObjectAt(0)).getValue();
      exponent = ASN1Integer.getInstance(key.getObjectAt(1)).getValue();
    } catch (IOException | RuntimeException e) {
      throw damaged(e);
    }
    int bits = modulus.bitLength();
    if (modulus.signum() <= 0 || bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
      throw new RefusedAlgorithmException(
          EXPECTED
              + (modulus.signum() <= 0
                  ? "one with a negative modulus"
                  : "one of " + bits + " bits"));
    }
    if (!modulus.testBit(0)) {
      throw new RefusedAlgorithmException("the RSA key has an even modulus");
    }
    boolean usable =
        exponent.signum() > 0
            && exponent.testBit(0)
            && exponent.bitLength() > 1
            && exponent.bitLength() <= MAX_RSA_EXPONENT_BITS;
    if (!usable) {
      throw new RefusedAlgorithmException(
          "expected an RSA key with an odd exponent from 3 to 2^"
              + MAX_RSA_EXPONENT_BITS
              + ", found "
              + (exponent.bitLength() <= MAX_RSA_EXPONENT_BITS
                  ? exponent
                  : "one of " + exponent.bitLength() + " bits"));
    }
  }

  private static void requireEdwards(
      String curve, @Nullable ASN1Encodable parameters, boolean valid)
      throws RefusedAlgorithmException {
    if (parameters != null || !valid) {
      throw new RefusedAlgorithmException("the key is no valid one for " + curve);
    }
  }

  /** Parses a DER sequence with this number of elements and without trailing bytes. */
  private static ASN1Sequence sequence(byte[] encoded, int size) throws IOException {
    ASN1Sequence sequence = ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(encoded));
    if (sequence.size() != size || !Arrays.equals(sequence.getEncoded(ASN1Encoding.DER), encoded)) {
      throw new IOException("it is not in DER");
    }
    return sequence;
  }

  private static String name(ASN1ObjectIdentifier type) {
    return switch (type.getId()) {
      case "1.2.840.10040.4.1" -> "DSA";
      case "1.2.840.10046.2.1", "1.2.840.113549.1.3.1" -> "Diffie-Hellman";
      case "1.2.840.113549.1.1.10" -> "RSASSA-PSS only";
      case "1.3.101.110" -> "X25519";
      case "1.3.101.111" -> "X448";
      default -> "the algorithm " + Printable.quote(type.getId());
    };
  }

  private static RefusedAlgorithmException damaged(Exception cause) {
    return new RefusedAlgorithmException("the public key is damaged", cause);
  }
}
