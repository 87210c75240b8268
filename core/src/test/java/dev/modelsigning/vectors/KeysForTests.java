package dev.modelsigning.vectors;

import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.TestKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.generators.RSAKeyPairGenerator;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyGenerationParameters;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * The keys of the vectors. Each is computed from its name, so that it is always the same, and
 * cannot be mistaken for a secret.
 */
public final class KeysForTests {

  private final Map<String, Key> keys = new TreeMap<>();

  private record Key(KeyPair pair, PrivateKeyInfo info) {}

  /** A key on P-256. */
  public KeyPair ec(String name) {
    return ec(name, "secp256r1");
  }

  /** A key on any curve. */
  public KeyPair ec(String name, String curve) {
    return keys.computeIfAbsent(name, unused -> newEcKey(name, curve)).pair();
  }

  /** The private key of a name that was asked for, in PEM. */
  String privateKeyPem(String name) {
    return pem("PRIVATE KEY", keys.get(name).info);
  }

  private static String pem(String type, PrivateKeyInfo info) {
    try {
      return pem(type, info.getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same for a signer of bundles. */
  TestKeys signer(String name, EcdsaScheme algorithm) {
    String curve = "secp" + algorithm.curve().replace("P-", "") + "r1";
    KeyPair pair = ec(name, curve);
    return new TestKeys(algorithm, pair.getPrivate(), (ECPublicKey) pair.getPublic());
  }

  /** An RSA key, found as Bouncy Castle looks for primes. */
  public KeyPair rsa(String name, int bits) {
    return keys.computeIfAbsent(name, unused -> newRsaKey(name, bits)).pair();
  }

  /** A key for Ed25519. */
  public KeyPair ed25519(String name) {
    return keys.computeIfAbsent(
            name,
            unused -> {
              Ed25519PrivateKeyParameters key =
                  new Ed25519PrivateKeyParameters(derive(name, 32), 0);
              try {
                return pair(
                    PrivateKeyInfoFactory.createPrivateKeyInfo(key),
                    SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(key.generatePublicKey()),
                    "Ed25519");
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .pair();
  }

  private static Key newEcKey(String name, String curve) {
    X9ECParameters domain = ECNamedCurveTable.getByName(curve);
    ASN1ObjectIdentifier id = ECNamedCurveTable.getOID(curve);
    BigInteger order = domain.getN();
    BigInteger secret =
        new BigInteger(1, derive(name, 80)).mod(order.subtract(BigInteger.ONE)).add(BigInteger.ONE);
    byte[] point = domain.getG().multiply(secret).normalize().getEncoded(false);
    AlgorithmIdentifier algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, id);
    try {
      return pair(
          new PrivateKeyInfo(
              algorithm,
              new ECPrivateKey(order.bitLength(), secret, new DERBitString(point), null)),
          new SubjectPublicKeyInfo(algorithm, point),
          curve.equals("secp256k1") ? "EC of Bouncy Castle" : "EC");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Key newRsaKey(String name, int bits) {
    RSAKeyPairGenerator generator = new RSAKeyPairGenerator();
    generator.init(
        new RSAKeyGenerationParameters(BigInteger.valueOf(65_537), new Derived(name), bits, 100));
    AsymmetricCipherKeyPair key = generator.generateKeyPair();
    try {
      return pair(
          PrivateKeyInfoFactory.createPrivateKeyInfo(key.getPrivate()),
          SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(key.getPublic()),
          "RSA");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Key pair(PrivateKeyInfo secret, SubjectPublicKeyInfo open, String algorithm) {
    try {
      boolean ofBouncyCastle = algorithm.endsWith("Bouncy Castle");
      Provider provider = new BouncyCastleProvider();
      KeyFactory factory =
          ofBouncyCastle
              ? KeyFactory.getInstance("EC", provider)
              : KeyFactory.getInstance(algorithm);
      return new Key(
          new KeyPair(
              factory.generatePublic(new X509EncodedKeySpec(open.getEncoded())),
              factory.generatePrivate(new PKCS8EncodedKeySpec(secret.getEncoded()))),
          secret);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] derive(String name, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length + 64);
    for (int i = 0; bytes.position() < length; i++) {
      bytes.put(block(name, i));
    }
    return Arrays.copyOf(bytes.array(), length);
  }

  private static byte[] block(String name, int number) {
    String text = "key for tests only of model-signing, " + name + ", " + number;
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Bytes that follow from a name. */
  private static final class Derived extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final String name;
    private int number;

    Derived(String name) {
      super(null, Security.getProvider("SUN"));
      this.name = name;
    }

    @Override
    public synchronized void nextBytes(byte[] bytes) {
      for (int at = 0; at < bytes.length; ) {
        byte[] block = block(name, number++);
        int length = Math.min(block.length, bytes.length - at);
        System.arraycopy(block, 0, bytes, at, length);
        at += length;
      }
    }
  }

  /** Writes the private keys that were used into a folder. */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String each : keys.keySet()) {
      Files.writeString(folder.resolve(each + ".pem"), privateKeyPem(each));
    }
  }

  /** A block in PEM. */
  static String pem(String type, byte[] der) {
    byte[] lineFeed = {'\n'};
    String base64 = Base64.getMimeEncoder(64, lineFeed).encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
  }
}
