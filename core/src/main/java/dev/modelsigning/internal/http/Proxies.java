package dev.modelsigning.internal.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The choice of proxy for an address. Settings in Java have precedence: a {@link ProxySelector} of
 * the program for all addresses, the properties {@code http.proxyHost} and {@code https.proxyHost}
 * each for its scheme. They are followed by the environment variables that other tools use:
 *
 * <ul>
 *   <li>{@code https_proxy} or {@code HTTPS_PROXY} for {@code https}, {@code http_proxy} or {@code
 *       HTTP_PROXY} for {@code http}, {@code all_proxy} or {@code ALL_PROXY} if these are absent.
 *       Lower case has precedence over upper case, as in curl and Python; an empty variable is
 *       treated as absent.
 *   <li>{@code no_proxy} or {@code NO_PROXY}: see {@link NoProxy}.
 *   <li>{@code HTTP_PROXY} is ignored if {@code REQUEST_METHOD} shows that this is a CGI program:
 *       there a client could set it with a {@code Proxy} header.
 *   <li>The local machine is contacted without a proxy, as in Java and Go (not in curl and Python):
 *       for the proxy, its name would denote the proxy's own machine.
 * </ul>
 */
final class Proxies {

  private static final String OF_JAVA = "the settings of Java";
  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  private final Map<String, String> environment;
  private final @Nullable ProxySelector platform;
  private final boolean chosenByProgram;

  private Proxies(
      Map<String, String> environment, @Nullable ProxySelector platform, boolean chosenByProgram) {
    this.environment = environment;
    this.platform = platform;
    this.chosenByProgram = chosenByProgram;
  }

  /** The proxies of this process. */
  static Proxies ofProcess() {
    return of(System.getenv());
  }

  /** The proxies of this process with other environment variables. */
  static Proxies of(Map<String, String> environment) {
    ProxySelector selector = ProxySelector.getDefault();
    // The JDK's own selector returns "no proxy" if nothing is configured; then the variables apply.
    boolean ofProgram =
        selector == null || !selector.getClass().getName().startsWith("sun.net.spi.");
    return new Proxies(environment, selector, ofProgram);
  }

  /**
   * The proxy for an address.
   *
   * @throws IOException if a variable names an unusable proxy: connecting directly instead could
   *     disclose the request to others
   */
  Optional<ProxyServer> of(URI address) throws IOException {
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    String host = address.getHost();
    if (host == null) {
      return Optional.empty(); // not a usable address, which the request reports
    }
    Optional<ProxyServer> given = ofPlatform(address);
    if (given.isPresent()
        || chosenByProgram
        || !System.getProperty(scheme + ".proxyHost", "").isEmpty()) {
      return given;
    }
    int port = address.getPort() >= 0 ? address.getPort() : scheme.equals("https") ? HTTPS : HTTP;
    if (NoProxy.isLoopback(host)
        || NoProxy.of(variable("no_proxy").map(Map.Entry::getValue).orElse(""))
            .covers(host, port)) {
      return Optional.empty();
    }
    Optional<Map.Entry<String, String>> named =
        variable(scheme + "_proxy").or(() -> variable("all_proxy"));
    return named.isEmpty()
        ? Optional.empty()
        : Optional.of(ProxyServer.of(named.get().getKey(), named.get().getValue()));
  }

  private Optional<ProxyServer> ofPlatform(URI address) {
    if (platform == null) {
      return Optional.empty();
    }
    List<Proxy> proxies = platform.select(address);
    if (proxies.isEmpty()
        || proxies.get(0).type() != Proxy.Type.HTTP
        || !(proxies.get(0).address() instanceof InetSocketAddress place)) {
      return Optional.empty();
    }
    return Optional.of(new ProxyServer(place, OF_JAVA, Optional.empty()));
  }

  /** The value of a variable, by its name in lower case, or else in upper case. */
  private Optional<Map.Entry<String, String>> variable(String name) {
    for (String each : List.of(name, name.toUpperCase(Locale.ROOT))) {
      String value = environment.getOrDefault(each, "").strip();
      boolean ofStranger = each.equals("HTTP_PROXY") && environment.containsKey("REQUEST_METHOD");
      if (!value.isEmpty() && !ofStranger) {
        return Optional.of(Map.entry(each, value));
      }
    }
    return Optional.empty();
  }
}
