package dev.modelsigning.internal.curve;

import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import org.jspecify.annotations.Nullable;

/**
 * A public key with a point that was validated, for which no provider of the JDK is asked. Users
 * get a key of the JDK's class for it.
 */
public final class CurveKey implements ECPublicKey {

  private static final long serialVersionUID = 1L;

  private final transient CurvePoint point;

  /** Creates a key. */
  public CurveKey(CurvePoint point) {
    this.point = point;
  }

  /** The point of the key. */
  public CurvePoint point() {
    return point;
  }

  @Override
  public ECPoint getW() {
    return new ECPoint(point.x(), point.y());
  }

  @Override
  public ECParameterSpec getParams() {
    return point.curve().parameters();
  }

  @Override
  public String getAlgorithm() {
    return "EC";
  }

  @Override
  public String getFormat() {
    return "X.509";
  }

  /** A SubjectPublicKeyInfo in DER, with the name of the curve and an uncompressed point. */
  @Override
  public byte[] getEncoded() {
    return point.subjectPublicKeyInfo();
  }

  /** Keys are stored in files; the serialization of Java is a way around their checks. */
  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException(CurveKey.class.getName());
  }

  /** What is read would have no point. */
  private void readObject(ObjectInputStream in) throws NotSerializableException {
    throw new NotSerializableException(CurveKey.class.getName());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CurveKey that && point.equals(that.point);
  }

  @Override
  public int hashCode() {
    return point.hashCode();
  }

  @Override
  public String toString() {
    return "public key on " + point.curve().nistName();
  }
}
