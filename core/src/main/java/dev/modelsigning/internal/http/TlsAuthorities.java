package dev.modelsigning.internal.http;

import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.signing.UnusableTrustException;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whom to trust for TLS besides those that this Java trusts: the authorities of a network where
 * something stands between, or of services that are one's own. They say who a service is, and
 * nothing about signatures.
 *
 * <p>There are those of the file that the variable {@code SSL_CERT_FILE} names, and those of one
 * that a program names by {@link #use}, for all connections that it makes from then on.
 */
public final class TlsAuthorities {

  private static final String VARIABLE = "SSL_CERT_FILE";

  private static volatile List<X509Certificate> ofProgram = List.of();

  private final Map<String, String> environment;

  TlsAuthorities(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Trusts others for TLS too, in this process, in place of those of an earlier call.
   *
   * @param file their certificates in PEM, or one in DER; null for none
   * @throws IOException if the file cannot be read
   * @throws UnusableTrustException if it holds no certificate, or something else
   */
  public static void use(@Nullable Path file) throws IOException, UnusableTrustException {
    ofProgram = file == null ? List.of() : CertificateFile.read(file);
  }

  /**
   * What makes TLS connections, if there is anybody to trust besides.
   *
   * @throws IOException if the file that the variable names cannot be read or used
   */
  Optional<SSLContext> context() throws IOException {
    List<X509Certificate> given = ofProgram;
    String file = environment.getOrDefault(VARIABLE, "");
    if (given.isEmpty() && file.isEmpty()) {
      return Optional.empty();
    }
    try {
      KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
      anchors.load(null, null);
      add(ofJava(), anchors);
      add(given, anchors);
      if (!file.isEmpty()) {
        add(ofVariable(file), anchors);
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers(anchors), null);
      return Optional.of(context);
    } catch (GeneralSecurityException e) {
      throw new IOException("this Java has no TLS: " + e.getMessage(), e);
    }
  }

  private static List<X509Certificate> ofVariable(String file) throws IOException {
    try {
      return CertificateFile.read(Path.of(file));
    } catch (UnusableTrustException | InvalidPathException e) {
      throw new IOException("the variable " + VARIABLE + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IOException(
          "the file that the variable " + VARIABLE + " names cannot be read: " + e.getMessage(), e);
    }
  }

  /** Those that the JDK trusts, or the file that its property {@code trustStore} names. */
  private static List<X509Certificate> ofJava() throws GeneralSecurityException {
    for (TrustManager manager : managers(null)) {
      if (manager instanceof X509TrustManager trusting) {
        return List.of(trusting.getAcceptedIssuers());
      }
    }
    return List.of();
  }

  private static TrustManager[] managers(@Nullable KeyStore anchors)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(anchors);
    return factory.getTrustManagers();
  }

  private static void add(List<X509Certificate> certificates, KeyStore anchors)
      throws GeneralSecurityException {
    for (X509Certificate each : certificates) {
      anchors.setCertificateEntry("anchor-" + anchors.size(), each);
    }
  }
}
