package dev.modelsigning.internal.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The client certificate of this program for services and proxies that request one: that of Java's
 * system properties {@code javax.net.ssl.keyStore}, {@code keyStoreType}, {@code keyStoreProvider}
 * and {@code keyStorePassword}. The JDK reads them for its default context only, so they are read
 * here, in the same way, for a context with additional trust anchors.
 */
final class ClientCertificate {

  private static final String PREFIX = "javax.net.ssl.";

  /** The value of the property if the key store is not a file, such as a token. */
  private static final String NO_FILE = "NONE";

  private ClientCertificate() {}

  /**
   * Returns the key managers, or null if no certificate is configured.
   *
   * @throws IOException if the key store of the properties cannot be used
   */
  static KeyManager @Nullable [] ofJava() throws IOException {
    String file = property("keyStore", "");
    if (file.isEmpty()) {
      return null;
    }
    try {
      String type = property("keyStoreType", KeyStore.getDefaultType());
      String provider = property("keyStoreProvider", "");
      String word = property("keyStorePassword", "");
      char[] password = word.isEmpty() ? null : word.toCharArray();
      KeyStore store =
          provider.isEmpty() ? KeyStore.getInstance(type) : KeyStore.getInstance(type, provider);
      load(store, file, password);
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, type.equals("PKCS11") ? null : password);
      return factory.getKeyManagers();
    } catch (GeneralSecurityException | IOException | InvalidPathException e) {
      throw new IOException(
          "the key store that the system property "
              + PREFIX
              + "keyStore names cannot be used: "
              + e.getMessage(),
          e);
    }
  }

  private static void load(KeyStore store, String file, char @Nullable [] password)
      throws GeneralSecurityException, IOException {
    if (file.equals(NO_FILE)) {
      store.load(null, password);
      return;
    }
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      store.load(in, password);
    }
  }

  private static String property(String name, String otherwise) {
    return System.getProperty(PREFIX + name, otherwise);
  }
}
