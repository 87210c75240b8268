package dev.modelsigning.internal.keyfile;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.internal.keypair.MlDsaKeyPair;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.UnusableTrustException.Kind;
import dev.modelsigning.signingkey.MlDsaScheme;
import dev.modelsigning.signingkey.VerifyingKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** Reads public key files. */
public final class PublicKeyFile {

  /** Public keys of OpenSSH, also in the form of RFC 4716. */
  private static final Pattern SSH =
      Pattern.compile("ecdsa-sha2-nistp(256|384|521) |---- BEGIN SSH2 PUBLIC KEY ----");

  /** Those that cannot be used. */
  private static final Pattern SSH_OTHER =
      Pattern.compile("(ssh-[a-z0-9-]+|sk-[a-z0-9-]+@openssh\\.com) ");

  private PublicKeyFile() {}

  /**
   * Reads a public key. The file is read once, so it may be a pipe.
   *
   * @param file a PEM file with the key and no other block; text around it is skipped
   * @throws IOException if the file cannot be read
   * @throws UnusableTrustException if it contains no usable public key
   */
  public static VerifyingKey read(Path file) throws IOException, UnusableTrustException {
    return read(file, SmallFile.read(file, FileKind.KEY), PublicKeyFile::omsKey);
  }

  /**
   * Reads public keys. The file is read once, so it may be a pipe.
   *
   * @param file a PEM file with one or more keys and no other block; text around them is skipped
   * @param beyondOms whether keys for ML-DSA are accepted too
   * @return the keys, in the order of the file
   * @throws IOException if the file cannot be read
   * @throws UnusableTrustException if it contains no public key, or one that cannot be used
   */
  public static List<VerifyingKey> readAll(Path file, boolean beyondOms)
      throws IOException, UnusableTrustException {
    Kinds kinds = beyondOms ? PublicKeyFile::anyKey : PublicKeyFile::omsKey;
    return readAll(file, SmallFile.read(file, FileKind.KEY), kinds);
  }

  /**
   * Like {@link #read(Path)}, and accepts keys for ML-DSA too. OMS does not have those (4.2), so
   * whoever uses the key must ask for its scheme.
   */
  public static VerifyingKey readAny(Path file) throws IOException, UnusableTrustException {
    return readAny(file, SmallFile.read(file, FileKind.KEY));
  }

  /** Like {@link #readAny(Path)}, for a file whose content was already read. */
  static VerifyingKey readAny(Path file, byte[] read) throws UnusableTrustException {
    return read(file, read, PublicKeyFile::anyKey);
  }

  private static VerifyingKey omsKey(Bytes encoded) throws InvalidKeyException {
    return EcKeys.publicKey(SubjectPublicKeyInfo.getInstance(encoded.toArray()));
  }

  private static VerifyingKey anyKey(Bytes encoded) throws InvalidKeyException {
    SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(encoded.toArray());
    if (EcKeys.isEllipticCurve(info.getAlgorithm())) {
      return EcKeys.publicKey(info); // without what ML-DSA needs, which takes time to load
    }
    MlDsaScheme mlDsa = MlDsaKeyPair.scheme(info.getAlgorithm());
    // The bytes of the file and not the parsed structure: there is a single encoding of a key.
    return mlDsa == null ? EcKeys.publicKey(info) : mlDsa.publicKey(encoded);
  }

  /** The kinds of keys that a file may have. */
  @FunctionalInterface
  private interface Kinds {
    VerifyingKey key(Bytes encoded) throws InvalidKeyException;
  }

  private static VerifyingKey read(Path file, byte[] read, Kinds kinds)
      throws UnusableTrustException {
    List<VerifyingKey> keys = readAll(file, read, kinds);
    if (keys.size() > 1) {
      throw new UnusableTrustException(
          Kind.KEY, file + ": holds " + keys.size() + " public keys, expected one");
    }
    return keys.get(0);
  }

  private static List<VerifyingKey> readAll(Path file, byte[] read, Kinds kinds)
      throws UnusableTrustException {
    try {
      requireNoOther(new String(read, StandardCharsets.ISO_8859_1));
      List<VerifyingKey> keys = new ArrayList<>();
      for (PemBlock block : onlyPublicKeys(PemText.blocks(read))) {
        keys.add(kinds.key(block.content()));
      }
      return keys;
    } catch (PemException | InvalidKeyException e) {
      throw new UnusableTrustException(Kind.KEY, file + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      // The ASN.1 parser throws various unchecked exceptions for malformed input.
      throw new UnusableTrustException(Kind.KEY, file + ": the public key is damaged", e);
    }
  }

  /** Refuses files of other forms that users take for public keys; says what to do. */
  private static void requireNoOther(String text) throws PemException {
    String start = text.stripLeading();
    if (start.startsWith("{")) {
      throw new PemException(
          "is JSON, as signatures are, expected a PEM block '-----BEGIN PUBLIC KEY-----'; are"
              + " signature and public key exchanged?");
    }
    if (SSH_OTHER.matcher(start).lookingAt()) {
      throw new PemException(EcKeys.otherKind("this is an OpenSSH key of another kind"));
    }
    if (SSH.matcher(start).lookingAt()) {
      throw new PemException(
          "is a public key in the form of OpenSSH, expected a PEM block '-----BEGIN PUBLIC"
              + " KEY-----'; convert it, for example with 'ssh-keygen -e -m PKCS8 -f KEY > COPY'");
    }
  }

  private static List<PemBlock> onlyPublicKeys(List<PemBlock> blocks) throws PemException {
    for (PemBlock block : blocks) {
      if (block.isPrivateKey()) {
        throw block.refusedAmong(
            blocks,
            "holds a private key, expected a public key;"
                + " never hand a private key to those who verify");
      }
      if (block.isCertificate()) {
        throw block.refusedAmong(
            blocks, "holds a certificate, expected a public key and nothing else");
      }
      if (block.label().equals("RSA PUBLIC KEY")) {
        throw block.refusedAmong(blocks, EcKeys.otherKind("this is a key for RSA"));
      }
      if (!block.label().equals("PUBLIC KEY")) {
        throw block.unexpected("a public key");
      }
    }
    if (blocks.isEmpty()) {
      throw new PemException(
          "holds no public key, expected a PEM block '-----BEGIN PUBLIC KEY-----'");
    }
    return blocks;
  }
}
