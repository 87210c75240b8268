package dev.modelsigning.signingkey;

import dev.modelsigning.bundle.Bytes;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.security.PublicKey;

/** A public key for ML-DSA, which not every JDK has a class for. It has only its encoding. */
final class MlDsaPublicKey implements PublicKey {

  private static final long serialVersionUID = 1L;

  private final String algorithm;
  private final transient Bytes encoded;

  /**
   * Creates a key.
   *
   * @param algorithm the name of its scheme
   * @param encoded a SubjectPublicKeyInfo in DER, which was checked
   */
  MlDsaPublicKey(String algorithm, Bytes encoded) {
    this.algorithm = algorithm;
    this.encoded = encoded;
  }

  @Override
  public String getAlgorithm() {
    return algorithm;
  }

  @Override
  public String getFormat() {
    return "X.509";
  }

  @Override
  public byte[] getEncoded() {
    return encoded.toArray();
  }

  /** Keys are stored in files; the serialization of Java is a way around their checks. */
  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException(MlDsaPublicKey.class.getName());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MlDsaPublicKey that && encoded.equals(that.encoded);
  }

  @Override
  public int hashCode() {
    return encoded.hashCode();
  }

  @Override
  public String toString() {
    return "public key for " + algorithm;
  }
}
