package dev.modelsigning.cli.serve;

import dev.modelsigning.cli.serve.Reloaded.UnusableFilesException;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.report.FailureMessage;
import dev.modelsigning.signing.UnusableTrustException;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** The authority whose certificates clients need for a review to be answered. */
final class ClientAuthority {

  private final X509ExtendedTrustManager trust;

  private ClientAuthority(X509ExtendedTrustManager trust) {
    this.trust = trust;
  }

  /** Reads the certificates of an authority; each of them is trusted. */
  static ClientAuthority of(Path file) throws UnusableFilesException {
    try {
      KeyStore anchors = KeyStore.getInstance("PKCS12");
      anchors.load(null, null);
      List<X509Certificate> certificates = CertificateFile.read(file);
      for (int i = 0; i < certificates.size(); i++) {
        anchors.setCertificateEntry(Integer.toString(i), certificates.get(i));
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(anchors);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager found) {
          return new ClientAuthority(found);
        }
      }
      throw new IllegalStateException("every Java platform has PKIX for TLS");
    } catch (IOException | UnusableTrustException e) {
      throw new UnusableFilesException(FailureMessage.of(e), e);
    } catch (GeneralSecurityException e) {
      throw new UnusableFilesException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Whether a client has a certificate of this authority now: a connection lives longer than the
   * files that counted at its beginning, and can resume another.
   */
  boolean accepts(SSLSession session) {
    try {
      Certificate[] shown = session.getPeerCertificates();
      X509Certificate[] chain = new X509Certificate[shown.length];
      for (int i = 0; i < shown.length; i++) {
        if (!(shown[i] instanceof X509Certificate certificate)) {
          return false;
        }
        chain[i] = certificate;
      }
      trust.checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
      return true;
    } catch (SSLPeerUnverifiedException | CertificateException e) {
      return false;
    }
  }

  /** What a TLS server asks about the certificates of clients: the authority of the moment. */
  static TrustManager trust(Supplier<ClientAuthority> current) {
    return new Current(current);
  }

  private static final class Current extends X509ExtendedTrustManager {

    private final Supplier<ClientAuthority> current;

    Current(Supplier<ClientAuthority> current) {
      this.current = current;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind)
        throws CertificateException {
      current.get().trust.checkClientTrusted(chain, kind);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, @Nullable Socket socket)
        throws CertificateException {
      current.get().trust.checkClientTrusted(chain, kind, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, @Nullable SSLEngine engine)
        throws CertificateException {
      current.get().trust.checkClientTrusted(chain, kind, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind)
        throws CertificateException {
      throw new CertificateException("this is a server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, @Nullable Socket socket)
        throws CertificateException {
      throw new CertificateException("this is a server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, @Nullable SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("this is a server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return current.get().trust.getAcceptedIssuers();
    }
  }
}
