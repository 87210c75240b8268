package dev.modelsigning.oci.internal.registry;

import dev.modelsigning.internal.http.Answer;
import dev.modelsigning.internal.http.Deadline;
import dev.modelsigning.internal.http.Request;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.oci.internal.credential.CredentialFiles;
import dev.modelsigning.oci.internal.registry.Authorization.Access;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Requests to one registry, authenticated where it asks for that. Credentials are sent to its own
 * address only, and to the token server that it names.
 */
final class Exchange {

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY = 429;

  /** Names of Docker Hub in references; its registry has another one. */
  private static final List<String> HUB = List.of("docker.io", "index.docker.io");

  /** Of a request that has a time-out of its own, and no other limit. */
  private static final Duration ONE_REQUEST = Duration.ofDays(1);

  private static final String HUB_REGISTRY = "registry-1.docker.io";

  private final String name;
  private final URI base;
  private final RegistrySettings settings;
  private final ServiceClient client;
  private final Authorization authorization;

  /** Within which all that is asked has to be answered; empty if only each request has its time. */
  private final Optional<Limit> limit;

  /**
   * The time for several requests.
   *
   * @param all all of it
   * @param end when it is over
   */
  private record Limit(Duration all, Deadline end) {
    static Limit of(Duration all) {
      return new Limit(all, Deadline.in(all));
    }
  }

  /**
   * Creates the exchange with a registry.
   *
   * @param name its host in references, with the port if one is named
   */
  Exchange(String name, RegistrySettings settings) {
    this.name = name;
    this.base = base(name);
    this.settings = settings;
    this.client = ServiceClient.with(settings.timeout(), settings.pause());
    this.authorization =
        new Authorization(
            name,
            CredentialFiles.of(settings.environment()),
            new TokenServer(client, base, settings.others()));
    this.limit = Optional.empty();
  }

  private Exchange(Exchange other, Limit limit) {
    this.name = other.name;
    this.base = other.base;
    this.settings = other.settings;
    this.client = other.client;
    this.authorization = other.authorization;
    this.limit = Optional.of(limit);
  }

  /**
   * Returns the same exchange, all of whose requests together may take the time of a search from
   * now. A body that is read while it arrives asks {@link #requireTime} itself.
   */
  Exchange searching() {
    return within(settings.search());
  }

  /**
   * Returns the same exchange, all of whose requests together may take this long from now, or
   * shorter, if there is a limit already.
   */
  Exchange within(Duration all) {
    return limit.isPresent() && limit.get().end().remaining().compareTo(all) <= 0
        ? this
        : new Exchange(this, Limit.of(all));
  }

  /**
   * Requires that there is time left.
   *
   * @param service the name of the registry in messages
   */
  void requireTime(String service) throws IOException {
    if (isLate()) {
      throw late(service, null);
    }
  }

  private boolean isLate() {
    return limit.isPresent() && limit.get().end().hasPassed();
  }

  private IOException late(String service, @Nullable IOException cause) {
    return new IOException(
        service
            + " was asked for "
            + Math.max(1, limit.map(Limit::all).orElse(settings.search()).toSeconds())
            + " s in all, which is the limit for finding what refers to a model and what it is made"
            + " of; the registry is slow, or keeps its readers busy: try again, or name the signature"
            + " file with --signature"
            + (cause == null ? "" : ". At last, " + cause.getMessage()),
        cause);
  }

  /** With TLS, except on this machine, where port 443 has TLS too. */
  private static URI base(String name) {
    String host = HUB.contains(name.toLowerCase(Locale.ROOT)) ? HUB_REGISTRY : name;
    URI tls = URI.create("https://" + host);
    return ServiceClient.isHere(tls) && tls.getPort() != 443 ? URI.create("http://" + host) : tls;
  }

  /** Its host in references, with the port if one is named. */
  String name() {
    return name;
  }

  RegistrySettings settings() {
    return settings;
  }

  ServiceClient client() {
    return client;
  }

  /** The address of something in a repository. */
  URI uri(String repository, String path) {
    return base.resolve("/v2/" + repository + "/" + path);
  }

  /**
   * The name of the registry in messages about something in it.
   *
   * @param separator a colon before a tag, an at sign before a digest
   */
  String service(String repository, String separator, Object tagOrDigest) {
    return "the registry of oci://" + name + "/" + repository + separator + tagOrDigest;
  }

  /**
   * Sends a request to this registry.
   *
   * @return the answer with any status, but that of missing or refused authentication
   */
  Answer send(Request request, String repository, Access access) throws IOException {
    if (limit.isEmpty()) {
      return exchange(request, repository, access);
    }
    requireTime(request.service());
    try {
      return exchange(request.withDeadline(limit.get().end()), repository, access);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw isLate() ? late(request.service(), e) : e;
    }
  }

  private Answer exchange(Request request, String repository, Access access) throws IOException {
    Request kept = request.withPlainHttpOnlyHere().redirectedOnlyTo(this::isPermitted);
    Deadline end = limit.map(Limit::end).orElseGet(() -> Deadline.in(ONE_REQUEST));
    Optional<String> used = authorization.header(repository, access, end);
    Answer answer = client.send(with(kept, repository, used));
    if (answer.status() != UNAUTHORIZED) {
      return answer;
    }
    if (!isOwn(answer.uri())) {
      throw refusal(answer, "the place that the registry redirects to does not know us");
    }
    Optional<String> renewed = authorization.header(answer, repository, access, used, end);
    if (renewed.isPresent()) {
      answer = client.send(with(kept, repository, renewed));
      if (answer.status() != UNAUTHORIZED) {
        return answer;
      }
      authorization.forget(repository, access);
    }
    throw refusal(answer, authorization.advice(repository));
  }

  private Request with(Request request, String repository, Optional<String> header) {
    // The password itself is in no header, but the registry knows it and may send it back.
    return header
        .map(value ->
            request
                .withHeader("Authorization", value)
                .withSecrets(authorization.secrets(repository)))
        .orElse(request);
  }

  private boolean isPermitted(URI address) {
    return isOwn(address) || settings.others().test(address);
  }

  /** Whether an address is on this registry: same scheme, host and port. */
  boolean isOwn(URI address) {
    return Request.isSameOrigin(address, base);
  }

  /**
   * An address in an answer, which must be on this registry.
   *
   * @param text the address, absolute or relative to that of the answer
   * @param what what it is, for messages
   */
  URI own(Answer answer, String text, String what) throws IOException {
    URI address;
    try {
      address = answer.uri().resolve(new URI(text));
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new IOException(answer.describe("names no address as " + what));
    }
    if (!isOwn(address) || address.getRawUserInfo() != null) {
      throw new IOException(
          answer.describe(
              "names "
                  + ServiceClient.show(address)
                  + " as "
                  + what
                  + ", which is not used: expected an address at "
                  + base));
    }
    return address;
  }

  /** The failure for an unexpected status, with what to do about it. */
  IOException refusal(Answer answer, String repository, Access access) {
    return switch (answer.status()) {
      case FORBIDDEN -> refusal(answer, authorization.advice(repository));
      case NOT_FOUND ->
          absent(
              answer,
              access == Access.PUSH
                  ? "takes nothing there; look whether there is such a repository, and whether you may"
                      + " write to it"
                  : "does not have it; check the name, and whether it needs a log-in");
      case TOO_MANY -> refusal(answer, "try again later, or log in for a higher limit");
      default -> refusal(answer, answer.status() / 100 == 5 ? "try again later" : "");
    };
  }

  /**
   * The failure for what is not there: first what that means and what to do, then the words of the
   * registry.
   */
  static IOException absent(Answer answer, String problem) {
    return new IOException(
        answer.describe(problem + ". It answered " + answer.status() + ": ") + answer.excerpt());
  }

  private static IOException refusal(Answer answer, String advice) {
    return new IOException(
        answer.refusal() + (advice.isEmpty() ? "" : "; " + Printable.escape(advice)));
  }

  /** The media type of an answer without parameters, in lower case; empty if it has none. */
  static String mediaType(Answer answer) {
    String type = answer.header("Content-Type").orElse("");
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }
}
