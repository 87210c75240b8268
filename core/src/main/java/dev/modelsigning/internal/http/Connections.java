package dev.modelsigning.internal.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * Creates all HTTP connections of this program: the single place for proxies ({@link Proxies}) and
 * TLS trust anchors ({@link TlsAuthorities}). No cookies are kept, and the JDK's client follows no
 * redirects.
 */
final class Connections {

  /** By default the JDK does not send Basic credentials to a proxy when it requests a tunnel. */
  private static final String NO_PASSWORDS_FOR_TUNNELS = "jdk.http.auth.tunneling.disabledSchemes";

  /** An explanation for the case that connections were made before the property was set. */
  static final String FOR_TUNNELS =
      "Java hands it on for https only if the system property "
          + NO_PASSWORDS_FOR_TUNNELS
          + " was empty from the start";

  private final Proxies proxies;
  private final TlsAuthorities authorities;

  private Connections(Proxies proxies, TlsAuthorities authorities) {
    this.proxies = proxies;
    this.authorities = authorities;
  }

  /** The connections of this process. */
  static Connections ofProcess() {
    return of(System.getenv());
  }

  /** The connections of this process with other environment variables. */
  static Connections of(Map<String, String> environment) {
    return new Connections(Proxies.of(environment), new TlsAuthorities(environment));
  }

  /** The same connections with these TLS trust anchors and no others. */
  Connections trustingOnly(List<X509Certificate> anchors) {
    return new Connections(proxies, TlsAuthorities.only(anchors));
  }

  /**
   * The proxy for an address.
   *
   * @throws IOException if the setting for it is invalid
   */
  Optional<ProxyServer> proxy(URI address) throws IOException {
    Optional<ProxyServer> proxy = proxies.of(address);
    if (proxy.flatMap(ProxyServer::credentials).isPresent()
        && System.getProperty(NO_PASSWORDS_FOR_TUNNELS) == null) {
      // The user configured the proxy together with the password. The JDK reads this property once,
      // before its first request; if that was made before, the proxy's refusal is reported.
      System.setProperty(NO_PASSWORDS_FOR_TUNNELS, "");
    }
    return proxy;
  }

  /**
   * Creates an HTTP client of the JDK.
   *
   * @param timeout the time-out for establishing a connection
   * @param tls whether it is for {@code https}
   * @throws IOException if the TLS trust anchors cannot be read
   */
  HttpClient client(Duration timeout, boolean tls) throws IOException {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(new Selector(proxies));
    if (tls) {
      authorities.context().ifPresent(builder::sslContext);
    } else {
      builder.sslContext(trustingNobody());
    }
    return builder.build();
  }

  /** A context for no TLS; without one, the JDK reads all trust anchors, which takes long. */
  private static SSLContext trustingNobody() throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("this Java has no TLS: " + e.getMessage(), e);
    }
  }

  /** Passes the choice of proxy to the JDK. */
  private static final class Selector extends ProxySelector {
    private final Proxies proxies;

    Selector(Proxies proxies) {
      this.proxies = proxies;
    }

    @Override
    public List<Proxy> select(URI address) {
      try {
        return List.of(
            proxies
                .of(address)
                .map(proxy -> new Proxy(Proxy.Type.HTTP, proxy.address()))
                .orElse(Proxy.NO_PROXY));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
      // The request fails and reports it.
    }
  }
}
