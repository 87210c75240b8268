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
 * Through which proxy an address is asked, if through any. What a program set up in Java itself
 * counts first: a {@link ProxySelector} of its own for all addresses, the properties {@code
 * http.proxyHost} and {@code https.proxyHost} each for its scheme. Then the variables that other
 * tools read:
 *
 * <ul>
 *   <li>{@code https_proxy} or {@code HTTPS_PROXY} for {@code https}, {@code http_proxy} or {@code
 *       HTTP_PROXY} for {@code http}, {@code all_proxy} or {@code ALL_PROXY} where there is none.
 *       Of two spellings the one in lower case counts, as for curl and Python; one that is empty is
 *       not there.
 *   <li>{@code no_proxy} or {@code NO_PROXY}: see {@link NoProxy}.
 *   <li>{@code HTTP_PROXY} does not count where {@code REQUEST_METHOD} says that this is a CGI
 *       program: there whoever sends a header {@code Proxy} would choose it.
 *   <li>This machine itself is asked without a proxy, as Java and Go have it (curl and Python do
 *       not): what the proxy's machine has there is something else.
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

  /** Those of this process. */
  static Proxies ofProcess() {
    return of(System.getenv());
  }

  /** Those of this process, but for the variables. */
  static Proxies of(Map<String, String> environment) {
    ProxySelector selector = ProxySelector.getDefault();
    // The JDK's own says "no proxy" where nobody said anything, and then the variables count.
    boolean ofProgram =
        selector == null || !selector.getClass().getName().startsWith("sun.net.spi.");
    return new Proxies(environment, selector, ofProgram);
  }

  /**
   * The proxy for an address.
   *
   * @throws IOException if a variable names something that cannot be asked: asking without a proxy
   *     instead could tell others what was not meant for them
   */
  Optional<ProxyServer> of(URI address) throws IOException {
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    String host = address.getHost();
    if (host == null) {
      return Optional.empty(); // no address that can be asked, which its request says
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

  /** A variable by its name in lower case, or else in upper case. */
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
