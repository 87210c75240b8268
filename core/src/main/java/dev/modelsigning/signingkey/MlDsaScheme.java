package dev.modelsigning.signingkey;

import dev.modelsigning.bundle.Bytes;
import java.io.IOException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.crypto.io.SignerOutputStream;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;

/**
 * The schemes of ML-DSA (FIPS 204), pure and with an empty context, which computers that break
 * elliptic curves are not expected to break. They are <strong>not</strong> schemes of OMS v1.0
 * (4.2): other clients cannot verify such signatures, so a model has one beside a signature with an
 * {@link EcdsaScheme}. Nothing of this library takes them for signatures of OMS.
 */
public final class MlDsaScheme implements SignatureScheme {

  /** ML-DSA-44, of security category 2. */
  public static final MlDsaScheme ML_DSA_44 =
      new MlDsaScheme("ML-DSA-44", 17, 1312, 2420, MLDSAParameters.ml_dsa_44);

  /** ML-DSA-65, of security category 3. */
  public static final MlDsaScheme ML_DSA_65 =
      new MlDsaScheme("ML-DSA-65", 18, 1952, 3309, MLDSAParameters.ml_dsa_65);

  /** ML-DSA-87, of security category 5. */
  public static final MlDsaScheme ML_DSA_87 =
      new MlDsaScheme("ML-DSA-87", 19, 2592, 4627, MLDSAParameters.ml_dsa_87);

  private static final List<MlDsaScheme> ALL = List.of(ML_DSA_44, ML_DSA_65, ML_DSA_87);

  private final String name;
  private final byte[] prefix;
  private final int keyLength;
  private final int signatureLength;
  private final MLDSAParameters parameters;

  private MlDsaScheme(
      String name, int arc, int keyLength, int signatureLength, MLDSAParameters parameters) {
    this.name = name;
    this.prefix = prefix(arc, keyLength);
    this.keyLength = keyLength;
    this.signatureLength = signatureLength;
    this.parameters = parameters;
  }

  /**
   * What is before the key in its only encoding (RFC 9881 4): a SubjectPublicKeyInfo with the
   * object identifier 2.16.840.1.101.3.4.3 and the last arc, without parameters.
   */
  private static byte[] prefix(int arc, int keyLength) {
    byte[] algorithm = {
      0x30, 0x0b, 0x06, 0x09, 0x60, (byte) 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, (byte) arc
    };
    int bits = keyLength + 1;
    int sequence = algorithm.length + 4 + bits;
    byte[] prefix = new byte[4 + algorithm.length + 5];
    System.arraycopy(header(0x30, sequence), 0, prefix, 0, 4);
    System.arraycopy(algorithm, 0, prefix, 4, algorithm.length);
    System.arraycopy(header(0x03, bits), 0, prefix, 4 + algorithm.length, 4);
    return prefix;
  }

  private static byte[] header(int tag, int length) {
    return new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
  }

  /** All schemes, in order of key length. */
  public static List<MlDsaScheme> values() {
    return ALL;
  }

  /**
   * Returns the scheme of this name, in upper or lower case; empty if there is none.
   *
   * @param name such as {@code ML-DSA-65}
   */
  public static Optional<MlDsaScheme> named(String name) {
    return ALL.stream()
        .filter(scheme -> scheme.name.equals(name.toUpperCase(Locale.ROOT)))
        .findFirst();
  }

  /**
   * Returns the scheme of a public key.
   *
   * @param key a key of any class
   * @throws InvalidKeyException if its encoding is not that of a key for ML-DSA
   */
  public static MlDsaScheme of(PublicKey key) throws InvalidKeyException {
    byte[] encoded = key.getEncoded();
    for (MlDsaScheme scheme : ALL) {
      if (encoded != null && scheme.hasForm(encoded)) {
        return scheme;
      }
    }
    throw new InvalidKeyException(
        "expected a key for ML-DSA-44, ML-DSA-65 or ML-DSA-87 in its encoding (RFC 9881), found"
            + " another key");
  }

  /** Whether the JCA name of a key's algorithm is that of ML-DSA. */
  static boolean isFor(Key key) {
    return key.getAlgorithm().toUpperCase(Locale.ROOT).startsWith("ML-DSA");
  }

  /**
   * The message for a key of such a scheme where only those of OMS are used.
   *
   * @param scheme the name of the scheme
   */
  public static String notOms(String scheme) {
    return EcdsaScheme.unsupported("this is a key for " + scheme)
        + "; OMS v1.0 does not have "
        + scheme
        + ", and other clients cannot verify its signatures. To make or verify one beside the"
        + " signature with an elliptic-curve key, add --beyond-oms";
  }

  @Override
  public String name() {
    return name;
  }

  /** The length of each signature, in bytes. */
  int signatureLength() {
    return signatureLength;
  }

  /** Empty: the message itself is signed, never its hash (HashML-DSA is another algorithm). */
  @Override
  public Optional<String> prehash() {
    return Optional.empty();
  }

  @Override
  public void verify(PublicKey key, Bytes message, Bytes signature)
      throws InvalidSignatureException {
    byte[] raw;
    try {
      raw = raw(key);
    } catch (InvalidKeyException e) {
      throw new InvalidSignatureException(String.valueOf(e.getMessage()), e);
    }
    if (signature.length() != signatureLength) {
      throw new InvalidSignatureException(
          "the signature has "
              + signature.length()
              + " bytes, and those of "
              + name
              + " have "
              + signatureLength);
    }
    if (!isSignature(raw, message, signature)) {
      throw new InvalidSignatureException(
          "the signature does not verify with this key over these bytes");
    }
  }

  private boolean isSignature(byte[] key, Bytes message, Bytes signature) {
    MLDSASigner verifier = new MLDSASigner();
    verifier.init(false, new MLDSAPublicKeyParameters(parameters, key));
    try {
      message.writeTo(new SignerOutputStream(verifier));
    } catch (IOException e) {
      throw new IllegalStateException("a signer takes all bytes", e);
    }
    return verifier.verifySignature(signature.toArray());
  }

  /**
   * Returns a public key from its encoding.
   *
   * @param encoded a SubjectPublicKeyInfo in DER (RFC 9881)
   * @throws InvalidKeyException if it is of another scheme, has another length, parameters, or
   *     anything after it
   */
  public VerifyingKey publicKey(Bytes encoded) throws InvalidKeyException {
    return VerifyingKey.of(canonical(encoded.toArray()), this);
  }

  /**
   * Returns a public key.
   *
   * @param key the key without its encoding (FIPS 204 7.2)
   * @throws InvalidKeyException if it has another length
   */
  public VerifyingKey rawPublicKey(Bytes key) throws InvalidKeyException {
    byte[] encoded = Arrays.copyOf(prefix, prefix.length + key.length());
    System.arraycopy(key.toArray(), 0, encoded, prefix.length, key.length());
    return VerifyingKey.of(canonical(encoded), this);
  }

  /**
   * Converts a public key of any class to one of ours, with the only encoding that there is.
   *
   * @throws InvalidKeyException if it is no key of this scheme
   */
  PublicKey canonical(PublicKey key) throws InvalidKeyException {
    byte[] encoded = key.getEncoded();
    return canonical(encoded == null ? new byte[0] : encoded);
  }

  private PublicKey canonical(byte[] encoded) throws InvalidKeyException {
    if (!hasForm(encoded)) {
      throw new InvalidKeyException(
          "expected a public key for "
              + name
              + " of "
              + (prefix.length + keyLength)
              + " bytes, without parameters (RFC 9881), found another key or encoding of "
              + encoded.length
              + " bytes");
    }
    return new MlDsaPublicKey(name, Bytes.of(encoded));
  }

  private byte[] raw(PublicKey key) throws InvalidKeyException {
    byte[] encoded = canonical(key).getEncoded();
    return Arrays.copyOfRange(encoded, prefix.length, encoded.length);
  }

  /** Every key of a scheme has the same length, so nothing but the key can differ. */
  private boolean hasForm(byte[] encoded) {
    return encoded.length == prefix.length + keyLength
        && Arrays.equals(encoded, 0, prefix.length, prefix, 0, prefix.length);
  }

  @Override
  public String toString() {
    return name;
  }
}
