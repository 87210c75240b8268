package dev.modelsigning.cli.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObjectGenerator;

/** Key files of all kinds, including those that this tool refuses and does not write itself. */
public final class PemFiles {

  private static final BouncyCastleProvider BOUNCY_CASTLE = new BouncyCastleProvider();

  private PemFiles() {}

  public static KeyPair ec(String curve) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", BOUNCY_CASTLE);
    generator.initialize(new ECGenParameterSpec(curve));
    return generator.generateKeyPair();
  }

  public static KeyPair rsa() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  /** A private key in the form of its own kind: {@code EC PRIVATE KEY}, {@code RSA PRIVATE KEY}. */
  public static Path writeTraditional(Path file, KeyPair pair) throws IOException {
    return write(file, new JcaMiscPEMGenerator(pair.getPrivate()));
  }

  /** The same, encrypted as OpenSSL has done it from the start. */
  public static Path writeTraditional(Path file, KeyPair pair, String password) throws IOException {
    return write(
        file,
        new JcaMiscPEMGenerator(
            pair.getPrivate(),
            new JcePEMEncryptorBuilder("AES-256-CBC")
                .setProvider(BOUNCY_CASTLE)
                .build(password.toCharArray())));
  }

  /** A private key in PKCS #8. */
  public static Path writePkcs8(Path file, KeyPair pair) throws IOException {
    return write(file, new JcaPKCS8Generator(pair.getPrivate(), null));
  }

  /** A private key in PKCS #8, encrypted by PBES2. */
  public static Path writePkcs8(Path file, KeyPair pair, String password)
      throws IOException, OperatorException {
    return write(
        file,
        new JcaPKCS8Generator(
            pair.getPrivate(),
            new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                .setProvider(BOUNCY_CASTLE)
                .setPassword(password.toCharArray())
                .build()));
  }

  public static Path writePublic(Path file, KeyPair pair) throws IOException {
    return write(file, new JcaMiscPEMGenerator(pair.getPublic()));
  }

  /** A certificate that the key pair gives itself. */
  public static Path writeCertificate(Path file, KeyPair pair)
      throws IOException, OperatorException {
    X500Name name = new X500Name("CN=test");
    Instant now = Instant.now();
    return write(
        file,
        new JcaMiscPEMGenerator(
            new JcaX509v3CertificateBuilder(
                    name,
                    new BigInteger(64, new SecureRandom()),
                    Date.from(now.minusSeconds(60)),
                    Date.from(now.plusSeconds(3600)),
                    name,
                    pair.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))));
  }

  private static Path write(Path file, PemObjectGenerator content) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(content);
    }
    return Files.writeString(file, text.toString());
  }
}
