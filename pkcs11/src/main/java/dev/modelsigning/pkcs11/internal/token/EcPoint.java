package dev.modelsigning.pkcs11.internal.token;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.keyfile.EcKeys;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.VerifyingKey;
import java.security.InvalidKeyException;
import java.util.Arrays;

/** Parses the attribute {@code CKA_EC_POINT}, which tokens encode in different ways. */
final class EcPoint {

  private static final byte OCTET_STRING = 4;
  private static final byte BIT_STRING = 3;

  private EcPoint() {}

  /**
   * Returns the public key of a point. The point is encoded in an OCTET STRING (PKCS #11 v2.40
   * 2.3.3), or raw, or in a BIT STRING. An OCTET STRING and a raw point begin with the same byte,
   * so they are distinguished by their length.
   *
   * @throws InvalidKeyException if it has none of these encodings, or is not on the curve
   */
  static VerifyingKey publicKey(EcdsaScheme scheme, Bytes attribute) throws InvalidKeyException {
    byte[] value = attribute.toArray();
    int coordinate = (scheme.parameters().getCurve().getField().getFieldSize() + 7) / 8;
    for (int length : new int[] {1 + 2 * coordinate, 1 + coordinate}) {
      for (byte[] header :
          new byte[][] {
            {}, header(OCTET_STRING, length), header(BIT_STRING, length + 1, (byte) 0)
          }) {
        if (value.length == header.length + length
            && Arrays.equals(value, 0, header.length, header, 0, header.length)) {
          return EcKeys.publicKey(
              scheme, Bytes.of(Arrays.copyOfRange(value, header.length, value.length)));
        }
      }
    }
    throw new InvalidKeyException(
        "the public key (CKA_EC_POINT) is damaged: expected a point on "
            + scheme.curve()
            + ", found "
            + value.length
            + " bytes of another form");
  }

  private static byte[] header(byte tag, int length, byte... behind) {
    byte[] header =
        length < 0x80
            ? new byte[] {tag, (byte) length}
            : new byte[] {tag, (byte) 0x81, (byte) length};
    byte[] all = Arrays.copyOf(header, header.length + behind.length);
    System.arraycopy(behind, 0, all, header.length, behind.length);
    return all;
  }
}
