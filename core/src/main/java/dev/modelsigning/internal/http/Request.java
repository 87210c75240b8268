package dev.modelsigning.internal.http;

import dev.modelsigning.internal.json.Printable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
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
  private static final Set<String> HARMLESS = Set.of("accept", "content-type", "range");

  private static final String GET = "GET";
  private static final String HEAD = "HEAD";

  private final String service;
  private final String method;
  private final URI uri;
  private final @Nullable Body content;
  private final Map<String, String> headers = new HashMap<>();
  private final Set<String> secrets = new HashSet<>();
  private int maxLength = ServiceClient.MAX_ANSWER;
  private Deadline deadline = Deadline.NONE;
  private boolean redirects;
  private Predicate<URI> permitted = address -> true;
  private boolean plainOnlyHere;
  private boolean once;
  private boolean alone;
  private @Nullable Duration timeout;
  private @Nullable Duration stall;
  private Optional<ProxyServer> proxy = Optional.empty();

  /** The content of a request, which can be read more than once. */
  public interface Body {

    /** The number of bytes; negative if it is not known before they are read. */
    long length();

    /**
     * Opens the content from its first byte.
     *
     * @throws IOException if it cannot be read
     */
    InputStream open() throws IOException;

    /** Content in memory. */
    private static Body of(byte[] bytes) {
      byte[] copy = bytes.clone();
      return new Body() {
        @Override
        public long length() {
          return copy.length;
        }

        @Override
        public InputStream open() {
          return new ByteArrayInputStream(copy);
        }
      };
    }
  }

  private Request(String service, String method, URI uri, @Nullable Body content) {
    this.service = service;
    this.method = method;
    this.uri = uri;
    this.content = content;
  }

  /** Copies everything except method, address and content. */
  private Request(Request other, String method, URI uri, @Nullable Body content) {
    this(other.service, method, uri, content);
    this.headers.putAll(other.headers);
    this.secrets.addAll(other.secrets);
    this.maxLength = other.maxLength;
    this.deadline = other.deadline;
    this.redirects = other.redirects;
    this.permitted = other.permitted;
    this.plainOnlyHere = other.plainOnlyHere;
    this.once = other.once;
    this.alone = other.alone;
    this.timeout = other.timeout;
    this.stall = other.stall;
    this.proxy = other.proxy;
  }

  private Request copy() {
    return new Request(this, method, uri, content);
  }

  /**
   * Creates a GET request.
   *
   * @param service the name of the service in messages
   * @param uri its address, {@code http} or {@code https}
   */
  public static Request get(String service, URI uri) {
    return new Request(service, GET, uri, null);
  }

  /**
   * Creates a HEAD request.
   *
   * @param service the name of the service in messages
   * @param uri its address, {@code http} or {@code https}
   */
  public static Request head(String service, URI uri) {
    return new Request(service, HEAD, uri, null);
  }

  /**
   * Creates a POST request.
   *
   * @param service the name of the service in messages
   * @param uri its address, {@code http} or {@code https}
   * @param content the body
   */
  public static Request post(String service, URI uri, byte[] content) {
    return new Request(service, "POST", uri, Body.of(content));
  }

  /**
   * Creates a PUT request.
   *
   * @param service the name of the service in messages
   * @param uri its address, {@code http} or {@code https}
   * @param content the body
   */
  public static Request put(String service, URI uri, byte[] content) {
    return new Request(service, "PUT", uri, Body.of(content));
  }

  /**
   * Creates a request whose content is read while it is sent. The time-out applies to the time
   * after that, and to each period in which hardly anything can be sent. It is not repeated: what
   * the service has received of it is not known here.
   *
   * @param service the name of the service in messages
   * @param method the method, such as {@code PUT} or {@code PATCH}
   * @param uri its address, {@code http} or {@code https}
   * @param content the body
   */
  public static Request streamed(String service, String method, URI uri, Body content) {
    Request request = new Request(service, method, uri, content);
    request.once = true;
    return request;
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

  /** Returns the same request, which the client does not repeat: the caller does. */
  public Request sentOnce() {
    Request other = copy();
    other.once = true;
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

  /**
   * Returns the same request, which follows redirects to these addresses only.
   *
   * @param addresses whether an address may be asked
   */
  public Request redirectedOnlyTo(Predicate<URI> addresses) {
    Request other = copy();
    other.permitted = addresses;
    return other;
  }

  /**
   * Returns the same request, for which plain {@code http} is used within this machine only: it
   * follows no redirect to another one that is not {@code https}.
   */
  public Request withPlainHttpOnlyHere() {
    Request other = copy();
    other.plainOnlyHere = true;
    return other;
  }

  /** Returns the same request with another time-out of one attempt than that of the client. */
  public Request withTimeout(Duration limit) {
    Request other = copy();
    other.timeout = limit;
    return other;
  }

  /**
   * Returns the same request, whose response is read while it arrives if it is a success, see
   * {@link Answer#body}. The time-out is then that until it begins, and no length is too large.
   *
   * @param longest the longest period in which hardly anything of it arrives
   */
  public Request withStreamedAnswer(Duration longest) {
    Request other = copy();
    other.stall = longest;
    return other;
  }

  /**
   * Returns the same GET request, whose streamed answer is so long that a connection of its own is
   * worth it, see {@code dev.modelsigning.internal.download}. Nothing else becomes different.
   */
  public Request overOwnConnection() {
    Request other = copy();
    other.alone = true;
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
    Request other =
        keepContent || method.equals(HEAD)
            ? new Request(this, method, target, content)
            : new Request(this, GET, target, null);
    if (!isSameOrigin(target)) {
      other.headers.keySet().retainAll(HARMLESS);
    }
    return other;
  }

  /** Whether an address has the same scheme, host and port (RFC 6454). */
  boolean isSameOrigin(URI other) {
    return isSameOrigin(uri, other);
  }

  /** Whether two addresses have the same scheme, host and port (RFC 6454). */
  public static boolean isSameOrigin(URI one, URI other) {
    return origin(one).equals(origin(other));
  }

  private static List<Object> origin(URI address) {
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    int port = address.getPort();
    return List.of(
        scheme,
        String.valueOf(address.getHost()).toLowerCase(Locale.ROOT),
        port >= 0 ? port : scheme.equals("https") ? 443 : 80);
  }

  /** The name of the service in messages. */
  public String service() {
    return service;
  }

  URI uri() {
    return uri;
  }

  String method() {
    return method;
  }

  Optional<Body> content() {
    return Optional.ofNullable(content);
  }

  boolean plainOnlyHere() {
    return plainOnlyHere;
  }

  /** Whether a redirect to an address may be followed. */
  boolean permits(URI target) {
    return permitted.test(target);
  }

  boolean isSentOnce() {
    return once;
  }

  /** Whether it is sent over a connection of its own; the JDK knows how to ask a proxy. */
  boolean isSentAlone() {
    return alone && stall != null && method.equals(GET) && content == null && proxy.isEmpty();
  }

  Optional<Duration> timeout() {
    return Optional.ofNullable(timeout);
  }

  Optional<Duration> stall() {
    return Optional.ofNullable(stall);
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
