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
 * A request to a service, with what must never be shown of it. Requests are immutable; each {@code
 * with} method returns another one.
 */
public final class Request {

  /** Headers whose values prove who asks, so they are secrets whoever sets them. */
  private static final Set<String> CREDENTIALS =
      Set.of("authorization", "proxy-authorization", "cookie");

  /** What may go along to another origin: it says nothing about who asks. */
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

  /** Copies all but what is sent where. */
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
   * A request with the method GET.
   *
   * @param service what the service is called in messages
   * @param uri its address, {@code http} or {@code https}
   */
  public static Request get(String service, URI uri) {
    return new Request(service, uri, null);
  }

  /**
   * A request with the method POST.
   *
   * @param service what the service is called in messages
   * @param uri its address, {@code http} or {@code https}
   * @param content what to post
   */
  public static Request post(String service, URI uri, byte[] content) {
    return new Request(service, uri, content.clone());
  }

  /** The same request with a header. The credentials in an {@code Authorization} are a secret. */
  public Request withHeader(String name, String value) {
    Request other = copy();
    other.headers.put(name.toLowerCase(Locale.ROOT), value);
    if (CREDENTIALS.contains(name.toLowerCase(Locale.ROOT))) {
      other.secrets.add(value.substring(value.indexOf(' ') + 1));
    }
    return other;
  }

  /**
   * The same request with texts that must not come to light, should the service send them back:
   * wherever they stand in the request.
   */
  public Request withSecrets(String... more) {
    Request other = copy();
    other.secrets.addAll(List.of(more));
    return other;
  }

  /** The same request with another bound on the length of the answer, in bytes. */
  public Request withMaxLength(int length) {
    Request other = copy();
    other.maxLength = length;
    return other;
  }

  /** The same request, whose attempts all together must be done by a time. */
  public Request withDeadline(Deadline newDeadline) {
    Request other = copy();
    other.deadline = newDeadline;
    return other;
  }

  /**
   * The same request, which goes where the service says that something is: a few times, never from
   * {@code https} to {@code http}, and without credentials to another origin.
   */
  public Request followingRedirects() {
    Request other = copy();
    other.redirects = true;
    return other;
  }

  /** The same request through a proxy, or through none. */
  Request through(Optional<ProxyServer> server) {
    Request other = copy();
    other.proxy = server;
    return other;
  }

  /** The same request for another address, with the method GET if the content is left out. */
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

  /** Says which service did what; of the address and the problem nothing that is secret. */
  String describe(String problem) {
    // What was escaped before stays as it is.
    String via = proxy.map(server -> " through the proxy " + server).orElse("");
    return Printable.escape(
        redaction().apply(service + " at " + ServiceClient.show(uri) + via + " " + problem));
  }
}
