package dev.modelsigning.internal.http;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS trust anchors in addition to those of this Java: those of a network with a TLS-inspecting
 * proxy, or of one's own services. They authenticate services, and have no effect on signatures.
 *
 * <p>They come from the file in the variable {@code SSL_CERT_FILE}, and from a file that the
 * program sets with {@link #use}, for all connections from then on. In a file that is set by the
 * program, every certificate must be valid; the file in the variable is usually shared by all
 * programs of a machine, so unreadable certificates in it are skipped and reported.
 */
public final class TlsAuthorities {

  private static final String VARIABLE = "SSL_CERT_FILE";

  /** The last setting of the program. */
  private static volatile Choice choice = new Choice(List.of(), finding -> {});

  /**
   * The setting of the program.
   *
   * @param authorities the additional trust anchors
   * @param findings receives findings about skipped certificates
   * @param told whether they were reported, which happens once for all services
   */
  private record Choice(
      List<X509Certificate> authorities, Consumer<Finding> findings, AtomicBoolean told) {
    Choice(List<X509Certificate> authorities, Consumer<Finding> findings) {
      this(authorities, findings, new AtomicBoolean());
    }
  }

  private final Map<String, String> environment;
  private final @Nullable List<X509Certificate> only;

  TlsAuthorities(Map<String, String> environment) {
    this(environment, null);
  }

  private TlsAuthorities(Map<String, String> environment, @Nullable List<X509Certificate> only) {
    this.environment = environment;
    this.only = only;
  }

  /** These trust anchors and no others: neither those of Java nor additional ones. */
  static TlsAuthorities only(List<X509Certificate> anchors) {
    return new TlsAuthorities(Map.of(), List.copyOf(anchors));
  }

  /**
   * Sets additional TLS trust anchors for this process, replacing those of an earlier call.
   *
   * @param file their certificates in PEM, or one in DER; null for none
   * @param findings receives, once, findings about certificates that are skipped in the file of the
   *     variable
   * @throws IOException if the file cannot be read
   * @throws UnusableTrustException if it contains no certificate, or anything else
   */
  public static void use(@Nullable Path file, Consumer<Finding> findings)
      throws IOException, UnusableTrustException {
    choice = new Choice(file == null ? List.of() : CertificateFile.read(file), findings);
  }

  /**
   * The context for TLS connections; empty if there are no additional trust anchors.
   *
   * @throws IOException if the file in the variable cannot be read or used
   */
  Optional<SSLContext> context() throws IOException {
    Choice chosen = choice;
    List<X509Certificate> given = chosen.authorities();
    String file = environment.getOrDefault(VARIABLE, "");
    if (only == null && given.isEmpty() && file.isEmpty()) {
      return Optional.empty();
    }
    try {
      KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
      anchors.load(null, null);
      if (only != null) {
        add(only, anchors);
      } else {
        add(ofJava(), anchors);
        add(given, anchors);
      }
      if (!file.isEmpty()) {
        add(ofVariable(file, chosen), anchors);
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(ClientCertificate.ofJava(), managers(anchors), null);
      return Optional.of(context);
    } catch (GeneralSecurityException e) {
      throw new IOException("this Java has no TLS: " + e.getMessage(), e);
    }
  }

  private static List<X509Certificate> ofVariable(String file, Choice chosen) throws IOException {
    try {
      CertificateFile.ReadablePart found = CertificateFile.readable(Path.of(file));
      tell(file, found.unreadable(), chosen);
      return found.certificates();
    } catch (UnusableTrustException | InvalidPathException e) {
      throw new IOException("the variable " + VARIABLE + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IOException(
          "the file that the variable " + VARIABLE + " names cannot be read: " + e.getMessage(), e);
    }
  }

  private static void tell(String file, List<Exception> unreadable, Choice chosen) {
    int number = unreadable.size();
    if (number == 0 || chosen.told().getAndSet(true)) {
      return;
    }
    chosen
        .findings()
        .accept(
            Finding.of(
                Rules.TLS_AUTHORITIES_SKIPPED,
                (number == 1 ? "a certificate" : number + " certificates")
                    + " in the file that the variable "
                    + VARIABLE
                    + " names cannot be read and "
                    + (number == 1 ? "is" : "are")
                    + " not trusted for TLS: "
                    + file
                    + ": "
                    + (number == 1 ? "" : "for example: ")
                    + unreadable.get(0).getMessage()));
  }

  /** The trust anchors of the JDK, or of the file in its property {@code trustStore}. */
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
