package dev.modelsigning.internal.keyfile;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.DefaultAlgorithmNameFinder;
import org.bouncycastle.operator.InputDecryptor;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Password-based decryption of everything that OpenSSL encrypts: PBES2 with PBKDF2 or scrypt,
 * PBES1, PKCS #12 (PKCS #5, RFC 8018; RFC 7292), and the headers of traditional PEM files.
 */
final class PasswordDecryption {

  static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();

  private static final String ANEW =
      "; encrypt it anew, for example with 'openssl pkcs8 -topk8 -v2 aes-256-cbc'";

  private static final List<String> TRADITIONAL = List.of("AES-", "DES-", "BF-", "RC2-", "SM4-");

  /** Names of algorithms that OpenSSL can write and for which Bouncy Castle has no name. */
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry(PKCSObjectIdentifiers.id_PBES2.getId(), "PBES2"),
          Map.entry(PKCSObjectIdentifiers.id_PBKDF2.getId(), "PBKDF2"),
          Map.entry(PKCSObjectIdentifiers.id_PBMAC1.getId(), "PBMAC1"),
          Map.entry("1.2.840.113549.2.6", "HMAC with MD5"),
          Map.entry(PKCSObjectIdentifiers.id_hmacWithSHA1.getId(), "HMAC with SHA-1"),
          Map.entry(PKCSObjectIdentifiers.id_hmacWithSHA256.getId(), "HMAC with SHA-256"),
          Map.entry(PKCSObjectIdentifiers.id_hmacWithSHA512.getId(), "HMAC with SHA-512"),
          Map.entry("1.2.410.200046.1.1.2", "ARIA-128-CBC"),
          Map.entry("1.2.410.200046.1.1.7", "ARIA-192-CBC"),
          Map.entry("1.2.410.200046.1.1.12", "ARIA-256-CBC"),
          Map.entry("1.3.6.1.4.1.3029.1.2", "Blowfish-CBC"),
          Map.entry("1.2.156.10197.1.104.2", "SM4-CBC"));

  private PasswordDecryption() {}

  /** The forms of a password to try with an algorithm, within the limits on cost. */
  static List<PasswordForm> forms(AlgorithmIdentifier algorithm, char[] password)
      throws PemException {
    int iterations = KeyDerivation.requireBounded(algorithm);
    // The second form differs only for schemes that use 8 or 16 bits of each character.
    boolean one = algorithm.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2);
    return forms(one ? KeyDerivation.MAX_ITERATIONS : iterations, password);
  }

  /** The forms of a password to try if each costs this many iterations. */
  static List<PasswordForm> forms(long iterations, char[] password) {
    List<PasswordForm> forms = PasswordForm.of(password);
    long affordable = Math.max(1, KeyDerivation.MAX_ITERATIONS / Math.max(1, iterations));
    return forms.subList(0, (int) Math.min(forms.size(), affordable));
  }

  /** Decrypts a key in PKCS #8. */
  static PrivateKeyInfo decrypt(PKCS8EncryptedPrivateKeyInfo key, char[] password)
      throws PemException {
    if (password.length == 0) {
      // PBKDF2 does not accept an empty password, which is independent of the algorithm.
      throw new PemException("the password is empty, which decrypts no private key");
    }
    AlgorithmIdentifier algorithm = key.toASN1Structure().getEncryptionAlgorithm();
    @Nullable Exception failure = null;
    for (PasswordForm form : forms(algorithm, password)) {
      try {
        return key.decryptPrivateKeyInfo(each -> decryptor(each, form));
      } catch (PKCSException | RuntimeException e) {
        Optional<UnknownAlgorithmException> unknown = UnknownAlgorithmException.in(e);
        if (unknown.isPresent()) {
          throw new PemException(unknown.get().getMessage() + ANEW, e);
        }
        // Each scheme fails in its own way; none of the exceptions tells more than this.
        failure = e;
      }
    }
    throw wrongPassword(failure, password, algorithm.getAlgorithm());
  }

  /** Decrypts a key in a traditional PEM file. */
  static PrivateKeyInfo decrypt(PEMEncryptedKeyPair key, char[] password) throws PemException {
    String algorithm = key.getDekAlgName();
    if (TRADITIONAL.stream().noneMatch(algorithm::startsWith)) {
      throw new PemException(unknown(algorithm) + ANEW);
    }
    try {
      // The key is derived from UTF-8.
      return key.decryptKeyPair(
              new JcePEMDecryptorProviderBuilder().setProvider(PROVIDER).build(password))
          .getPrivateKeyInfo();
    } catch (IOException | RuntimeException e) {
      throw wrongPassword(e, password, PKCSObjectIdentifiers.id_PBES2);
    }
  }

  /** If a key is derived from UTF-8 only, no other form of the password was tried. */
  private static PemException wrongPassword(
      @Nullable Exception cause, char[] password, ASN1ObjectIdentifier derivation) {
    boolean inDoubt =
        derivation.equals(PKCSObjectIdentifiers.id_PBES2) && !PasswordForm.isAscii(password);
    return new PemException(
        "the password is wrong, or the private key is damaged"
            + (inDoubt
                ? ", or was encrypted with the password in another character encoding than UTF-8"
                : ""),
        cause);
  }

  /**
   * Creates a decryptor for an algorithm.
   *
   * @throws UnknownAlgorithmException if the algorithm is not supported
   */
  static InputDecryptor decryptor(AlgorithmIdentifier algorithm, PasswordForm form)
      throws OperatorCreationException {
    ASN1ObjectIdentifier id = algorithm.getAlgorithm();
    try {
      return KeyDerivation.isPbes1(id)
          ? new JceOpenSSLPKCS8DecryptorProviderBuilder()
              .setProvider(PROVIDER)
              .build(form.octets())
              .get(algorithm)
          : new JcePKCSPBEInputDecryptorProviderBuilder()
              .setProvider(PROVIDER)
              .build(form.text())
              .get(algorithm);
    } catch (OperatorCreationException | RuntimeException e) {
      throw new UnknownAlgorithmException(unknown(name(algorithm)), e);
    }
  }

  /** The name of an algorithm, including the cipher of PBES2, and its object identifier. */
  private static String name(AlgorithmIdentifier algorithm) {
    ASN1ObjectIdentifier id = algorithm.getAlgorithm();
    String name = named(id);
    if (!id.equals(PKCSObjectIdentifiers.id_PBES2)) {
      return name;
    }
    PBES2Parameters parameters = PBES2Parameters.getInstance(algorithm.getParameters());
    KeyDerivationFunc function = parameters.getKeyDerivationFunc();
    String derivation = named(function.getAlgorithm());
    if (function.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBKDF2)) {
      derivation +=
          ", " + named(PBKDF2Params.getInstance(function.getParameters()).getPrf().getAlgorithm());
    }
    return name
        + " with "
        + derivation
        + " and "
        + named(parameters.getEncryptionScheme().getAlgorithm());
  }

  static String named(ASN1ObjectIdentifier id) {
    String name =
        NAMES.getOrDefault(id.getId(), new DefaultAlgorithmNameFinder().getAlgorithmName(id));
    return name.equals(id.getId()) ? name : name + " (" + id + ")";
  }

  private static String unknown(String algorithm) {
    return "is encrypted by " + algorithm + ", which is not known here";
  }

  /** An algorithm or its parameters are unknown or not allowed. No password would help. */
  static final class UnknownAlgorithmException extends OperatorCreationException {
    private static final long serialVersionUID = 1L;

    UnknownAlgorithmException(String message, Throwable cause) {
      super(message, cause);
    }

    /** The exception of this type among the causes of a failure, if any. */
    static Optional<UnknownAlgorithmException> in(Throwable failure) {
      for (Throwable each = failure; each != null; each = each.getCause()) {
        if (each instanceof UnknownAlgorithmException found) {
          return Optional.of(found);
        }
      }
      return Optional.empty();
    }
  }
}
