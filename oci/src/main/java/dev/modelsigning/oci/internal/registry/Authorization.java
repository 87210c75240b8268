package dev.modelsigning.oci.internal.registry;

import dev.modelsigning.internal.http.Answer;
import dev.modelsigning.internal.http.Deadline;
import dev.modelsigning.oci.internal.credential.Credential;
import dev.modelsigning.oci.internal.credential.Credential.Kind;
import dev.modelsigning.oci.internal.credential.CredentialFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What authenticates requests to one registry: nothing, until the registry asks for it; then user
 * and password, or tokens, which are kept for each repository and renewed. Thread-safe.
 */
final class Authorization {

  /** A token is renewed that much earlier. */
  private static final Duration EARLY = Duration.ofSeconds(10);

  /** The number of repositories of which something is kept; the oldest are forgotten. */
  static final int MAX_KEPT = 1_000;

  /** What is done with a repository. */
  enum Access {
    /** Fetches manifests and blobs, and asks for referrers. */
    PULL("pull"),
    /** Pushes, too, which some registries allow only together with fetching. */
    PUSH("pull,push");

    private final String actions;

    Access(String actions) {
      this.actions = actions;
    }
  }

  private record Use(String repository, Access access) {}

  /**
   * A header that was made.
   *
   * @param header its value, a secret
   * @param challenge what it answers
   * @param until when it is to be renewed, in nanoseconds of the clock
   */
  private record Made(String header, Challenge challenge, long until) {}

  private final String registry;
  private final CredentialFiles files;
  private final TokenServer server;
  private final Map<Use, Made> made = new Newest<>();
  private final Map<String, Optional<Credential>> credentials = new Newest<>();

  /** The names of repositories may be chosen by others, and a token may be long. */
  private static final class Newest<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > MAX_KEPT;
    }
  }

  /**
   * Creates the authorization for a registry.
   *
   * @param registry its name in references, under which files have credentials
   */
  Authorization(String registry, CredentialFiles files, TokenServer server) {
    this.registry = registry;
    this.files = files;
    this.server = server;
  }

  /** The header for a request, if the registry is known to want one; renewed if it expires. */
  synchronized Optional<String> header(String repository, Access access, Deadline end)
      throws IOException {
    Use use = new Use(repository, access);
    Made kept = made.get(use);
    if (kept == null) {
      return Optional.empty();
    }
    if (kept.until() - System.nanoTime() > 0) {
      return Optional.of(kept.header());
    }
    made.remove(use);
    return make(use, List.of(kept.challenge()), end);
  }

  /**
   * The header that answers a refusal.
   *
   * @param refusal the answer, with its challenges
   * @param used the header of the refused request, if it had one
   * @param end when a token server has to have answered
   * @return empty if there is none that has not been refused
   */
  synchronized Optional<String> header(
      Answer refusal, String repository, Access access, Optional<String> used, Deadline end)
      throws IOException {
    Use use = new Use(repository, access);
    Made kept = made.get(use);
    if (kept != null && !Optional.of(kept.header()).equals(used)) {
      return Optional.of(kept.header()); // another thread has renewed it
    }
    made.remove(use);
    Optional<String> header = make(use, Challenge.read(refusal.headers("WWW-Authenticate")), end);
    return header.equals(used) ? Optional.empty() : header;
  }

  private Optional<String> make(Use use, List<Challenge> challenges, Deadline end)
      throws IOException {
    Optional<Credential> credential = credential(use.repository());
    Challenge bearer = challenges.stream().filter(Challenge::isBearer).findFirst().orElse(null);
    if (bearer != null) {
      if (credential.filter(found -> found.kind() == Kind.REGISTRY_TOKEN).isPresent()) {
        return keep(use, "Bearer " + credential.get().secret(), bearer, Duration.ofDays(1));
      }
      String scope = "repository:" + use.repository() + ":" + use.access().actions;
      TokenServer.Token token = server.fetch(bearer, scope, credential, end);
      Duration valid = token.valid().minus(EARLY);
      return keep(
          use,
          "Bearer " + token.text(),
          bearer,
          valid.compareTo(EARLY) < 0 ? token.valid().dividedBy(2) : valid);
    }
    Challenge basic = challenges.stream().filter(Challenge::isBasic).findFirst().orElse(null);
    if (basic != null && credential.filter(found -> found.kind() == Kind.PASSWORD).isPresent()) {
      return keep(use, credential.get().basic(), basic, Duration.ofDays(1));
    }
    return Optional.empty();
  }

  private Optional<String> keep(Use use, String header, Challenge challenge, Duration valid) {
    made.put(use, new Made(header, challenge, System.nanoTime() + valid.toNanos()));
    return Optional.of(header);
  }

  /** Forgets a header that the registry has refused. */
  synchronized void forget(String repository, Access access) {
    made.remove(new Use(repository, access));
  }

  private Optional<Credential> credential(String repository) throws IOException {
    Optional<Credential> known = credentials.get(repository);
    if (known == null) {
      known = files.find(registry, repository);
      credentials.put(repository, known);
    }
    return known;
  }

  /** The secrets of the user that the registry may know; all, if it is forgotten which. */
  synchronized String[] secrets(String repository) {
    Optional<Credential> known = credentials.get(repository);
    return (known == null ? credentials.values().stream() : Stream.of(known))
        .flatMap(Optional::stream)
        .map(Credential::secret)
        .distinct()
        .toArray(String[]::new);
  }

  /** What to do about a refusal, for messages. */
  synchronized String advice(String repository) {
    Optional<Credential> known = credentials.getOrDefault(repository, Optional.empty());
    return known
        .map(used ->
            "it does not take the credentials of "
                + used.origin()
                + ", or they do not permit this:"
                + " log in again with 'docker login' or 'podman login'")
        .orElseGet(() -> "log in with 'docker login' or 'podman login'; " + places());
  }

  private String places() {
    try {
      return "credentials were looked for in " + files.places();
    } catch (IOException e) {
      return "credentials cannot be looked for: " + e.getMessage();
    }
  }
}
