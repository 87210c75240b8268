package dev.modelsigning.internal.http;

import dev.modelsigning.internal.json.Printable;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request to a service, with the secrets in it that must never be shown. Requests are immutable;
 * each {@code with} method returns another one.
 */
public final class Request {

  /** Headers that authenticate the client, whose values are therefore always secrets. */
  private static final Set<String> CREDENTIALS =
      Set.of("authorization", "proxy-authorization", "cookie");

  /** Headers that may be sent to another origin, as they do not identify the client. */
  private static final Set<String> HARMLESS = Set.of("accept", "content-type");

  private final String service;
  private final URI uri;
  private final byte @Nullable [] content;
  private final Map<String, String> headers = new HashMap<>();
  private final Set<String> secrets = new HashSet<>();
  private int maxLength = ServiceClient.MAX_ANSWER;
  private Deadline deadline = Deadline.NONE;
  private boolean redirects;
  private Optional<ProxyServer> proxy = Optional.empty();

  private Request(String service, URI uri, byte @Nullable [] content) {
    this.service = service;
    this.uri = uri;
    this.content = content;
  }

  /** Copies everything except address and content. */
  private Request(Request other, URI uri, byte @Nullable [] content) {
    this(other.service, uri, content);
    this.headers.putAll(other.headers);
    this.secrets.addAll(other.secrets);
    this.maxLength = other.maxLength;
    this.deadline = other.deadline;
    this.redirects = other.redirects;
    this.proxy = other.proxy;
  }

  private Request copy() {
    return new Request(this, uri, content);
  }

  /**
   * Creates a GET request.
   *
   * @param service the name of the service in messages
   * @param uri its address, {@code http} or {@code https}
   */
  public static Request get(String service, URI uri) {
    return new Request(service, uri, null);
  }

  /**
   * Creates a POST request.
   *
   * @param service the name of the service in messages
   * @param uri its address, {@code http} or {@code https}
   * @param content the body
   */
  public static Request post(String service, URI uri, byte[] content) {
    return new Request(service, uri, content.clone());
  }

  /**
   * Returns the same request with a header. The credentials in an {@code Authorization} header are
   * treated as a secret.
   */
  public Request withHeader(String name, String value) {
    Request other = copy();
    other.headers.put(name.toLowerCase(Locale.ROOT), value);
    if (CREDENTIALS.contains(name.toLowerCase(Locale.ROOT))) {
      other.secrets.add(value.substring(value.indexOf(' ') + 1));
    }
    return other;
  }

  /**
   * Returns the same request with texts to redact in messages, in case the service sends them back,
   * wherever they occur in the request.
   */
  public Request withSecrets(String... more) {
    Request other = copy();
    other.secrets.addAll(List.of(more));
    return other;
  }

  /** Returns the same request with another limit on the length of the response, in bytes. */
  public Request withMaxLength(int length) {
    Request other = copy();
    other.maxLength = length;
    return other;
  }

  /** Returns the same request with a deadline for all its attempts together. */
  public Request withDeadline(Deadline newDeadline) {
    Request other = copy();
    other.deadline = newDeadline;
    return other;
  }

  /**
   * Returns the same request, which follows redirects: a limited number, never from {@code https}
   * to {@code http}, and without credentials to another origin.
   */
  public Request followingRedirects() {
    Request other = copy();
    other.redirects = true;
    return other;
  }

  /** Returns the same request through a proxy, or directly. */
  Request through(Optional<ProxyServer> server) {
    Request other = copy();
    other.proxy = server;
    return other;
  }

  /**
   * Returns the same request for another address, with the method GET if the content is dropped.
   */
  Request redirected(URI target, boolean keepContent) {
    Request other = new Request(this, target, keepContent ? content : null);
    if (!isSameOrigin(target)) {
      other.headers.keySet().retainAll(HARMLESS);
    }
    return other;
  }

  /** Whether an address has the same scheme, host and port (RFC 6454). */
  boolean isSameOrigin(URI other) {
    return origin(uri).equals(origin(other));
  }

  private static List<Object> origin(URI address) {
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    int port = address.getPort();
    return List.of(
        scheme,
        String.valueOf(address.getHost()).toLowerCase(Locale.ROOT),
        port >= 0 ? port : scheme.equals("https") ? 443 : 80);
  }

  String service() {
    return service;
  }

  URI uri() {
    return uri;
  }

  Optional<byte[]> content() {
    return Optional.ofNullable(content);
  }

  Map<String, String> headers() {
    return headers;
  }

  Optional<ProxyServer> proxy() {
    return proxy;
  }

  boolean hasSecrets() {
    return !secrets.isEmpty();
  }

  Redaction redaction() {
    Set<String> all = new HashSet<>(secrets);
    proxy.ifPresent(server -> all.addAll(server.secrets()));
    return Redaction.of(all);
  }

  int maxLength() {
    return maxLength;
  }

  Deadline deadline() {
    return deadline;
  }

  boolean followsRedirects() {
    return redirects;
  }

  /**
   * A message that names the service and the problem; secrets in the address and the problem are
   * redacted.
   */
  String describe(String problem) {
    // Existing escapes are left as they are.
    String via = proxy.map(server -> " through the proxy " + server).orElse("");
    return Printable.escape(
        redaction().apply(service + " at " + ServiceClient.show(uri) + via + " " + problem));
  }
}
