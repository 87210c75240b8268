package dev.modelsigning.vectors;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.signingkey.EcdsaScheme;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECPoint;

/**
 * ECDSA signatures, right and wrong: numbers at the ends of their range, encodings that are not
 * DER, and signatures that only careless arithmetic refuses or accepts.
 */
final class EcdsaVectors {

  private static final byte[] MESSAGE = Vector.bytes("a message for ECDSA");

  private final List<String> lines = new ArrayList<>();
  private final EcdsaScheme algorithm;
  private final X9ECParameters curve;
  private final BigInteger order;
  private final BigInteger hash;
  private final BigInteger secret;
  private final ECPoint key;

  private EcdsaVectors(EcdsaScheme algorithm) {
    this.algorithm = algorithm;
    this.curve = CustomNamedCurves.getByName(algorithm.curve());
    this.order = curve.getN();
    byte[] digest = algorithm.digest(Bytes.of(MESSAGE)).toArray();
    // No hash here is longer than its curve's order.
    this.hash = new BigInteger(1, digest);
    this.secret = new BigInteger(1, Vector.bytes("ECDSA " + algorithm)).mod(order);
    this.key = curve.getG().multiply(secret).normalize();
  }

  static void make(Path root) throws IOException {
    List<String> lines = new ArrayList<>();
    for (EcdsaScheme algorithm : EcdsaScheme.values()) {
      EcdsaVectors vectors = new EcdsaVectors(algorithm);
      vectors.make();
      lines.addAll(vectors.lines);
    }
    Path folder = Files.createDirectories(root.resolve("ecdsa"));
    Files.writeString(
        folder.resolve("vectors.json"),
        "{\n  \"about\": \"ECDSA signatures in DER over the same message, by the hash that belongs to"
            + " the curve. Keys are uncompressed points. All is hexadecimal.\",\n"
            + "  \"message\": \""
            + HexFormat.of().formatHex(MESSAGE)
            + "\",\n  \"vectors\": [\n"
            + String.join(",\n", lines)
            + "\n  ]\n}\n");
  }

  private void add(String comment, boolean valid, ECPoint publicKey, byte[] signature) {
    HexFormat hex = HexFormat.of();
    lines.add(
        "    {\"curve\": \""
            + algorithm.curve()
            + "\", \"comment\": "
            + Vector.quote(comment)
            + ", \"valid\": "
            + valid
            + ",\n     \"publicKey\": \""
            + hex.formatHex(publicKey.normalize().getEncoded(false))
            + "\",\n     \"signature\": \""
            + hex.formatHex(signature)
            + "\"}");
  }

  private void valid(String comment, ECPoint publicKey, BigInteger r, BigInteger s) {
    add(comment, true, publicKey, der(r, s));
  }

  private void invalid(String comment, byte[] signature) {
    add(comment, false, key, signature);
  }

  private void invalid(String comment, BigInteger r, BigInteger s) {
    invalid(comment, der(r, s));
  }

  private void make() {
    ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
    signer.init(true, new ECPrivateKeyParameters(secret, new ECDomainParameters(curve)));
    byte[] digest = toUnsigned(hash, algorithm.digest(Bytes.of(MESSAGE)).length());
    BigInteger[] good = signer.generateSignature(digest);
    BigInteger r = good[0];
    BigInteger s = good[1];
    valid("a signature", key, r, s);
    valid("the other s of the same signature", key, r, order.subtract(s));
    numbers(r, s);
    encodings(r, s);
    arithmetic();
  }

  private void numbers(BigInteger r, BigInteger s) {
    BigInteger zero = BigInteger.ZERO;
    BigInteger one = BigInteger.ONE;
    BigInteger field = curve.getCurve().getField().getCharacteristic();
    Object[][] values = {
      {"0", zero},
      {"1", one},
      {"-1", one.negate()},
      {"the order", order},
      {"the order - 1", order.subtract(one)},
      {"the order + 1", order.add(one)},
      {"the field", field},
      {"2^256", one.shiftLeft(256)},
      {"2^2048", one.shiftLeft(2048)}
    };
    for (Object[] first : values) {
      invalid("r is " + first[0], (BigInteger) first[1], s);
      invalid("s is " + first[0], r, (BigInteger) first[1]);
      for (Object[] second : values) {
        invalid(
            "r is " + first[0] + ", s is " + second[0],
            (BigInteger) first[1],
            (BigInteger) second[1]);
      }
    }
    invalid("r + the order", r.add(order), s);
    invalid("s + the order", r, s.add(order));
    invalid("-r", r.negate(), s);
    invalid("-s", r, s.negate());
    invalid("r and s exchanged", s, r);
    invalid("r + 1", r.add(one), s);
    invalid("s + 1", r, s.add(one));
    invalid("the order - r", order.subtract(r), s);
    invalid("r - the order", r.subtract(order), s);
  }

  // --- encodings

  private void encodings(BigInteger r, BigInteger s) {
    byte[] first = integer(r);
    byte[] second = integer(s);
    byte[] good = der(r, s);
    invalid("nothing", new byte[0]);
    invalid("an empty sequence", sequence());
    invalid("one integer", sequence(first));
    invalid("three integers", sequence(first, second, first));
    invalid("a null behind the integers", sequence(first, second, new byte[] {5, 0}));
    invalid("a byte behind the sequence", Arrays.copyOf(good, good.length + 1));
    invalid("the last byte is missing", Arrays.copyOf(good, good.length - 1));
    invalid("only the first byte", Arrays.copyOf(good, 1));
    invalid("r and s one after the other, as in PKCS #11 and JOSE", concatenated(r, s));
    invalid("a zero too many before r", sequence(element(2, padded(r)), second));
    invalid("a zero too many before s", sequence(first, element(2, padded(s))));
    invalid("r is empty", sequence(new byte[] {2, 0}, second));
    invalid("s is empty", sequence(first, new byte[] {2, 0}));
    invalid("r is an octet string", sequence(element(4, r.toByteArray()), second));
    invalid("s is a bit string", sequence(first, element(3, s.toByteArray())));
    invalid("a set in place of a sequence", element(0x31, join(first, second)));
    invalid("a sequence in a sequence", sequence(good));
    invalid("a length in more bytes than needed", longLength(join(first, second), 2));
    invalid("a length in five bytes", longLength(join(first, second), 5));
    invalid(
        "an indefinite length",
        join(new byte[] {0x30, (byte) 0x80}, first, second, new byte[] {0, 0}));
    invalid("a length of r that is longer than r", grown(good));
    if (r.bitLength() % 8 == 0) {
      byte[] unsigned = toUnsigned(r, (order.bitLength() + 7) / 8);
      invalid("r without its sign byte", sequence(element(2, unsigned), second));
    }
    if (s.bitLength() % 8 == 0) {
      byte[] unsigned = toUnsigned(s, (order.bitLength() + 7) / 8);
      invalid("s without its sign byte", sequence(first, element(2, unsigned)));
    }
  }

  private byte[] concatenated(BigInteger r, BigInteger s) {
    int length = (order.bitLength() + 7) / 8;
    return join(toUnsigned(r, length), toUnsigned(s, length));
  }

  private static byte[] padded(BigInteger number) {
    return join(new byte[] {0}, number.toByteArray());
  }

  private static byte[] grown(byte[] der) {
    byte[] changed = der.clone();
    int place = changed[1] < 0 ? 4 : 3;
    changed[place]++;
    return changed;
  }

  private static byte[] longLength(byte[] content, int bytes) {
    byte[] head = new byte[2 + bytes];
    head[0] = 0x30;
    head[1] = (byte) (0x80 | bytes);
    head[1 + bytes] = (byte) content.length;
    return join(head, content);
  }

  private static byte[] der(BigInteger r, BigInteger s) {
    return sequence(integer(r), integer(s));
  }

  private static byte[] integer(BigInteger number) {
    return element(2, number.toByteArray());
  }

  private static byte[] sequence(byte[]... parts) {
    return element(0x30, join(parts));
  }

  private static byte[] element(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length > 255) {
      out.write(0x82);
      out.write(content.length >> 8);
    } else if (content.length > 127) {
      out.write(0x81);
    }
    out.write(content.length);
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] toUnsigned(BigInteger number, int length) {
    byte[] bytes = number.toByteArray();
    byte[] result = new byte[length];
    int count = Math.min(length, bytes.length);
    System.arraycopy(bytes, bytes.length - count, result, length - count, count);
    return result;
  }

  // --- arithmetic: keys are made so that a signature with chosen numbers is one of theirs

  private void arithmetic() {
    BigInteger one = BigInteger.ONE;
    BigInteger xOfG = curve.getG().normalize().getAffineXCoord().toBigInteger().mod(order);
    forged("s is 1", curve.getG(), xOfG, one);
    forged("s is the order - 1", curve.getG(), xOfG, order.subtract(one));
    forged("s is the hash + 1", curve.getG(), xOfG, hash.add(one).mod(order));
    BigInteger field = curve.getCurve().getField().getCharacteristic();
    BigInteger x = order;
    ECPoint beyond = null;
    while (beyond == null && x.compareTo(field) < 0) {
      x = x.add(one);
      beyond = point(x);
    }
    if (beyond != null) {
      forged("the point lies beyond the order, so r is small", beyond, x.subtract(order), one);
      BigInteger small = x.subtract(order);
      ECPoint publicKey = publicKey(beyond, small, one);
      add("the same with r beyond the order", false, publicKey, der(x, one));
      if (point(small) == null) {
        // Verifiers that compare coordinates without reducing them look for this point.
        add("r is the coordinate of no point", true, publicKey, der(small, one));
      }
    }
    ECPoint generator = curve.getG();
    BigInteger k = BigInteger.TWO;
    BigInteger r = generator.multiply(k).normalize().getAffineXCoord().toBigInteger().mod(order);
    BigInteger s = k.modInverse(order).multiply(hash.add(r)).mod(order);
    valid("the key is the generator", generator, r, s);
    BigInteger negative =
        k.modInverse(order).multiply(hash.add(r.multiply(order.subtract(one)))).mod(order);
    valid("the key is minus the generator", generator.negate(), r, negative);
    // Both products are the same point, so adding them is doubling it.
    BigInteger half = hash.multiply(xOfG.modInverse(order)).mod(order);
    ECPoint doubled = generator.multiply(half);
    BigInteger kHalf = hash.add(xOfG.multiply(half)).mod(order);
    valid("the sum of two equal points", doubled, xOfG, kHalf);
    // u1 G + u2 Q is the point at infinity, which has no coordinate.
    ECPoint infinite = generator.multiply(order.subtract(half));
    add("the sum is the point at infinity", false, infinite, der(xOfG, one));
  }

  /** A key for which these numbers are a valid signature, as R is the point of r. */
  private ECPoint publicKey(ECPoint point, BigInteger r, BigInteger s) {
    ECPoint sum = point.multiply(s).subtract(curve.getG().multiply(hash.mod(order)));
    return sum.multiply(r.modInverse(order)).normalize();
  }

  private void forged(String comment, ECPoint point, BigInteger r, BigInteger s) {
    valid(comment, publicKey(point, r, s), r, s);
  }

  private ECPoint point(BigInteger x) {
    byte[] encoded = join(new byte[] {2}, toUnsigned(x, (curve.getCurve().getFieldSize() + 7) / 8));
    try {
      return curve.getCurve().decodePoint(encoded);
    } catch (IllegalArgumentException e) {
      // There is none.
      return null;
    }
  }
}
