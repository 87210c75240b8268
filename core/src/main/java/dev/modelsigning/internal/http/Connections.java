package dev.modelsigning.internal.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How all connections of this program are made: the one place for proxies ({@link Proxies}) and
 * trust anchors of TLS ({@link TlsAuthorities}). No cookies are kept, and the JDK follows no
 * redirects.
 */
final class Connections {

  /** By default the JDK gives no password to a proxy that is asked for a tunnel. */
  private static final String NO_PASSWORDS_FOR_TUNNELS = "jdk.http.auth.tunneling.disabledSchemes";

  /** What to know of that, where a program has made connections before. */
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

  /** Those of this process. */
  static Connections ofProcess() {
    return of(System.getenv());
  }

  /** Those of this process, but for the variables. */
  static Connections of(Map<String, String> environment) {
    return new Connections(Proxies.of(environment), new TlsAuthorities(environment));
  }

  /**
   * The proxy for an address.
   *
   * @throws IOException if what names it cannot be used
   */
  Optional<ProxyServer> proxy(URI address) throws IOException {
    Optional<ProxyServer> proxy = proxies.of(address);
    if (proxy.flatMap(ProxyServer::credentials).isPresent()
        && System.getProperty(NO_PASSWORDS_FOR_TUNNELS) == null) {
      // The user named the proxy and the password together. The JDK reads this once, before its
      // first request; where that was made, the proxy's refusal is told.
      System.setProperty(NO_PASSWORDS_FOR_TUNNELS, "");
    }
    return proxy;
  }

  /**
   * A client of the JDK.
   *
   * @param timeout how long it may take until a connection is there
   * @param tls whether it is for {@code https}
   * @throws IOException if those to trust for TLS cannot be read
   */
  HttpClient client(Duration timeout, boolean tls) throws IOException {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(new Selector(proxies));
    if (tls) {
      authorities.context().ifPresent(builder::sslContext);
    }
    return builder.build();
  }

  /** Tells the JDK. */
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
      // The request fails, and says so.
    }
  }
}
