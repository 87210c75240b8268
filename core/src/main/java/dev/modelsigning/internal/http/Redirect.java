package dev.modelsigning.internal.http;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/** The target of a redirect response (RFC 9110 15.4), and whether it may be followed. */
final class Redirect {

  /** The redirect statuses that keep the method. */
  private static final Set<Integer> KEEPING = Set.of(307, 308);

  private static final Set<Integer> FOR_GET = Set.of(301, 302, 303);
  private static final int SEE_OTHER = 303;

  private Redirect() {}

  /**
   * Returns the next request.
   *
   * @return empty if the response is not a redirect, or one that a request with content cannot
   *     follow
   * @throws IOException if the target is not permitted
   */
  static Optional<Request> of(Answer answer) throws IOException {
    Request request = answer.request();
    boolean posts = request.content().isPresent(); // also PUT and PATCH
    int status = answer.status();
    boolean keeping = KEEPING.contains(status);
    if (!keeping && !(FOR_GET.contains(status) && (!posts || status == SEE_OTHER))) {
      return Optional.empty();
    }
    URI target = target(answer);
    String scheme = String.valueOf(target.getScheme()).toLowerCase(Locale.ROOT);
    boolean plain = scheme.equals("http");
    if (!(plain || scheme.equals("https"))
        || target.getHost() == null
        || target.getUserInfo() != null) {
      throw refused(answer, "expected a host with http or https");
    }
    if (plain && "https".equalsIgnoreCase(request.uri().getScheme())) {
      throw refused(answer, "an https address is not left for http");
    }
    if (plain && request.plainOnlyHere() && !ServiceClient.isHere(target)) {
      throw refused(answer, "plain http is used within this machine only");
    }
    if (!request.permits(target)) {
      throw refused(answer, "it is none of the addresses that may be asked");
    }
    if (keeping && posts && request.hasSecrets() && !request.isSameOrigin(target)) {
      throw refused(answer, "secrets are for the address that was given only");
    }
    return Optional.of(request.redirected(target, keeping && posts));
  }

  private static URI target(Answer answer) throws IOException {
    try {
      return answer.request().uri().resolve(answer.header("Location").orElseThrow());
    } catch (IllegalArgumentException | NoSuchElementException e) {
      // The JDK's message would show the whole address, with secrets that may be in it.
      throw refused(answer, "expected an address");
    }
  }

  private static IOException refused(Answer answer, String why) {
    String place = answer.header("Location").map(Redirect::show).orElse("nowhere");
    return new IOException(
        answer.describe("redirects to " + place + ", which is not followed: " + why));
  }

  private static String show(String location) {
    try {
      return ServiceClient.show(URI.create(location));
    } catch (IllegalArgumentException e) {
      return "something that is no address";
    }
  }
}
