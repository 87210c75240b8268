package dev.modelsigning.internal.keyfile;

import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * Reads the private key of a TLS server: RSA, elliptic curves or EdDSA, in PEM and without a
 * password, in the forms of PKCS #8, PKCS #1 and SEC 1. Such keys sign no models.
 */
public final class TlsKeyFile {

  private static final String PARAMETERS = "EC PARAMETERS";

  /** By the kinds of keys, how a signature is made that shows that two keys belong together. */
  private static final Map<String, String> TRIALS =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

  private TlsKeyFile() {}

  /**
   * Reads the key of a certificate.
   *
   * @param file the key file
   * @param certificate the certificate of the server
   * @throws IOException if the file cannot be read
   * @throws InvalidKeyException if it has no such key, or that of another certificate; the message
   *     names the file and has nothing of the key
   */
  public static PrivateKey read(Path file, X509Certificate certificate)
      throws IOException, InvalidKeyException {
    byte[] content = SmallFile.read(file, FileKind.KEY);
    try {
      String kind = certificate.getPublicKey().getAlgorithm();
      String trial = TRIALS.get(kind);
      if (trial == null) {
        throw new InvalidKeyException(
            "the certificate has a key for " + kind + ", expected RSA, EC or EdDSA");
      }
      PrivateKey key =
          KeyFactory.getInstance(kind)
              .generatePrivate(new PKCS8EncodedKeySpec(pkcs8(PemText.blocks(content))));
      requirePair(trial, key, certificate);
      return key;
    } catch (InvalidKeyException | PemException e) {
      throw new InvalidKeyException(file + ": " + e.getMessage(), e);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // Without the cause, which may quote the key.
      throw new InvalidKeyException(
          file + ": the private key is damaged, or is of another kind than the certificate");
    }
  }

  private static byte[] pkcs8(List<PemBlock> all) throws PemException, IOException {
    List<PemBlock> blocks =
        all.stream().filter(block -> !block.label().equals(PARAMETERS)).toList();
    if (blocks.size() != 1) {
      throw new PemException("expected one private key and nothing else, found " + labels(blocks));
    }
    PemBlock block = blocks.get(0);
    if (block.label().equals("ENCRYPTED PRIVATE KEY") || !block.headers().isEmpty()) {
      throw block.refused(
          "the private key is encrypted, and a server has nobody who types a password; store it"
              + " without one, where only the server can read it");
    }
    byte[] der = block.content().toArray();
    return switch (block.label()) {
      case "PRIVATE KEY" -> der;
      case "RSA PRIVATE KEY" ->
          new PrivateKeyInfo(
                  new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                  RSAPrivateKey.getInstance(der))
              .getEncoded();
      case "EC PRIVATE KEY" -> {
        ECPrivateKey key = ECPrivateKey.getInstance(der);
        yield new PrivateKeyInfo(
                new AlgorithmIdentifier(
                    X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject()),
                key)
            .getEncoded();
      }
      default -> throw block.unexpected("a private key");
    };
  }

  private static String labels(List<PemBlock> blocks) {
    return blocks.isEmpty()
        ? "none"
        : String.join(", ", blocks.stream().map(block -> "'" + block.label() + "'").toList());
  }

  private static void requirePair(String trial, PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    byte[] text = {1, 2, 3, 4};
    Signature signing = Signature.getInstance(trial);
    signing.initSign(key);
    signing.update(text);
    byte[] signature = signing.sign();
    Signature verifying = Signature.getInstance(trial);
    // By the key alone: what the certificate may be used for is looked at by TLS.
    verifying.initVerify(certificate.getPublicKey());
    verifying.update(text);
    if (!verifying.verify(signature)) {
      throw new InvalidKeyException("this is the private key of another certificate");
    }
  }
}
