package dev.modelsigning.keyfile;

import dev.modelsigning.bundle.SignatureAlgorithm;
import java.io.IOException;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.interfaces.ECPublicKey;
import java.util.List;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.util.io.pem.PemObject;

/** Reads the file of a public key. */
public final class PublicKeyFile {

  private PublicKeyFile() {}

  /**
   * Reads a public key. The file is read once, so it may be a pipe.
   *
   * @param file the PEM file; text before the key is passed over
   * @throws IOException if the file cannot be read
   * @throws InvalidKeyException if it holds no usable public key
   */
  public static ECPublicKey read(Path file) throws IOException, InvalidKeyException {
    try {
      PemObject block = onlyPublicKey(PemFile.blocks(PemFile.text(file)));
      return EcKeys.publicKey(SubjectPublicKeyInfo.getInstance(block.getContent()));
    } catch (PemException | InvalidKeyException e) {
      throw new InvalidKeyException(file + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      // The parser of ASN.1 throws all kinds of exceptions at bytes that are something else.
      throw new InvalidKeyException(file + ": the public key is damaged", e);
    }
  }

  private static PemObject onlyPublicKey(List<PemObject> blocks) throws PemException {
    List<PemObject> keys =
        blocks.stream().filter(block -> block.getType().equals("PUBLIC KEY")).toList();
    if (keys.size() == 1) {
      return keys.get(0);
    }
    if (keys.size() > 1) {
      throw new PemException("holds " + keys.size() + " public keys, expected one");
    }
    for (PemObject block : blocks) {
      String type = block.getType();
      if (type.endsWith("PRIVATE KEY")) {
        throw new PemException(
            "holds a private key, expected a public key;"
                + " never hand a private key to those who verify");
      }
      if (type.endsWith("CERTIFICATE")) {
        throw new PemException("holds a certificate, expected a public key");
      }
      if (type.equals("RSA PUBLIC KEY")) {
        throw new PemException(SignatureAlgorithm.unsupported("this is a key for RSA"));
      }
    }
    throw new PemException(
        "holds no public key, expected a PEM block '-----BEGIN PUBLIC KEY-----'");
  }
}
