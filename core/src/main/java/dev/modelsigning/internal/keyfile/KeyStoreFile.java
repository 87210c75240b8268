package dev.modelsigning.internal.keyfile;

import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.SecretSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a private key and its certificates from a key store (PKCS #12 or JKS). */
public final class KeyStoreFile {

  private static final int JKS_MAGIC = 0xfeedfeed;
  private static final int JCEKS_MAGIC = 0xcececece;

  private KeyStoreFile() {}

  /**
   * A private key with its certificates.
   *
   * @param privateKey the key
   * @param chain its certificate, followed by the issuing certificates in the store
   */
  public record Entry(PrivateKey privateKey, List<X509Certificate> chain) {
    /** Copies the list. */
    public Entry {
      chain = List.copyOf(chain);
    }

    /** The certificate only. */
    @Override
    public String toString() {
      return "key of " + chain.get(0).getSubjectX500Principal();
    }
  }

  /**
   * Reads an entry. The file is read once, so it may be a pipe.
   *
   * @param file the key store
   * @param alias the alias of the entry; null if only one entry has a private key
   * @param passwords supplies the password of the store, which must also be that of the key
   * @throws IOException if the file or the password cannot be read
   * @throws SigningException if there is no such entry, or the password is wrong
   */
  public static Entry read(Path file, @Nullable String alias, SecretSource passwords)
      throws IOException, SigningException {
    byte[] content = SmallFile.read(file, FileKind.KEY_STORE);
    long iterations = requireReadable(file, content);
    char[] password = passwords.secret(PrivateKeyFile.request(file));
    if (password == null) {
      throw new SigningException(file + ": a key store needs its password");
    }
    try {
      if (magic(content) == JKS_MAGIC) {
        return entry(file, open("JKS", content, password), alias, password);
      }
      if (PasswordForm.isAscii(password)) {
        try {
          return entry(file, open("PKCS12", content, password), alias, password);
        } catch (PemException e) {
          if (iterations > KeyDerivation.MAX_ITERATIONS / 2) {
            throw e; // another attempt would be too expensive
          }
          // The JDK reports unsupported algorithms as a wrong password, and it supports fewer than
          // are in use.
        }
      }
      return decrypted(file, Pkcs12Store.decrypt(content, iterations, password), alias);
    } catch (PemException e) {
      throw new SigningException(file + ": " + e.getMessage(), e);
    } catch (GeneralSecurityException e) {
      throw new SigningException(file + ": cannot be used: " + e.getMessage(), e);
    }
  }

  private static Entry decrypted(Path file, Pkcs12Store.Decrypted store, @Nullable String alias)
      throws GeneralSecurityException, PemException, SigningException {
    try {
      KeyStore opened = open("PKCS12", store.content(), store.password());
      return entry(file, opened, alias, store.password());
    } catch (PemException e) {
      throw store.unreadableKey().orElse(e);
    }
  }

  private static KeyStore open(String type, byte[] content, char[] password)
      throws GeneralSecurityException, PemException {
    KeyStore store = KeyStore.getInstance(type);
    try {
      store.load(new ByteArrayInputStream(content), password);
      return store;
    } catch (IOException | RuntimeException e) {
      // The JDK does not handle all errors in damaged files.
      boolean wrongPassword = e.getCause() instanceof UnrecoverableKeyException;
      throw new PemException(
          wrongPassword
              ? "the password is wrong"
              : "is not a key store in PKCS #12 or JKS, or is damaged",
          e);
    }
  }

  private static int magic(byte[] content) {
    return content.length < Integer.BYTES ? 0 : ByteBuffer.wrap(content).getInt();
  }

  private static long requireReadable(Path file, byte[] content) throws SigningException {
    if (magic(content) == JCEKS_MAGIC) {
      // JCEKS contains serialized Java objects, and its own iteration counts without limit.
      throw new SigningException(
          file
              + ": is a key store of the kind JCEKS, expected PKCS #12 or JKS; convert it with"
              + " 'keytool -importkeystore -srckeystore FILE -destkeystore NEW"
              + " -deststoretype PKCS12'");
    }
    if (magic(content) != JKS_MAGIC) {
      try {
        return Pkcs12Bounds.require(content);
      } catch (PemException e) {
        throw new SigningException(file + ": " + e.getMessage(), e);
      }
    }
    return 0;
  }

  private static String choose(Path file, KeyStore store, @Nullable String alias)
      throws GeneralSecurityException, PemException, SigningException {
    List<String> keys = new ArrayList<>();
    for (String each : Collections.list(store.aliases())) {
      if (store.isKeyEntry(each)) {
        keys.add(each);
      }
    }
    if (alias == null && keys.size() == 1) {
      return keys.get(0);
    }
    if (alias != null && store.isKeyEntry(alias)) {
      return alias;
    }
    if (keys.isEmpty()) {
      throw new PemException(
          alias == null
              ? "holds no private key, expected one"
              : "has no private key with the alias "
                  + Printable.quote(alias)
                  + ", it holds no private key");
    }
    String found =
        "the private keys "
            + String.join(", ", keys.stream().map(Printable::quote).sorted().toList());
    throw new SigningException(
        file
            + (alias == null
                ? ": holds " + found + ", expected one; name it by its alias"
                : ": has no private key with the alias "
                    + Printable.quote(alias)
                    + ", it holds "
                    + found));
  }

  private static Entry entry(Path file, KeyStore store, @Nullable String wanted, char[] password)
      throws GeneralSecurityException, PemException, SigningException {
    String alias = choose(file, store, wanted);
    Key key;
    try {
      key = store.getKey(alias, password);
    } catch (UnrecoverableKeyException e) {
      throw new PemException(
          "the key "
              + Printable.quote(alias)
              + " has another password than the store; give both the same, for example with"
              + " 'keytool -keypasswd'",
          e);
    }
    Certificate[] certificates = store.getCertificateChain(alias);
    if (!(key instanceof PrivateKey privateKey)
        || certificates == null
        || certificates.length == 0) {
      throw new SigningException(
          file
              + ": the entry "
              + Printable.quote(alias)
              + " has no private key with a certificate");
    }
    List<X509Certificate> chain = new ArrayList<>();
    for (Certificate certificate : certificates) {
      if (certificate instanceof X509Certificate x509) {
        chain.add(x509);
      }
    }
    return new Entry(privateKey, chain);
  }
}
