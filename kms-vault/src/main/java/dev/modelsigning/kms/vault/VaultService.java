package dev.modelsigning.kms.vault;

import dev.modelsigning.internal.http.Answer;
import dev.modelsigning.internal.http.Deadline;
import dev.modelsigning.internal.http.Request;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.signing.UnusableTrustException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** A server with its HTTP API: sends the token to it and to no other address. */
final class VaultService {

  /** The answers that are needed have a few kilobytes; one with all versions of a key has more. */
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

  private static final int MAX_ANSWER = 1024 * 1024;

  private static final int MAX_TOKENS = 200_000;

  private final VaultSettings settings;
  private final ServiceClient client;
  private final Duration timeout;
  private final String token;
  private final Optional<String> namespace;

  private VaultService(
      VaultSettings settings,
      ServiceClient client,
      Duration timeout,
      String token,
      Optional<String> namespace) {
    this.settings = settings;
    this.client = client;
    this.timeout = timeout;
    this.token = token;
    this.namespace = namespace;
  }

  /** The pause before a second attempt: half a second, or less for a short time-out. */
  private static Duration pause(Duration timeout) {
    Duration part = timeout.dividedBy(80);
    return part.compareTo(LONGEST_PAUSE) < 0 ? part : LONGEST_PAUSE;
  }

  /**
   * Returns a server, without asking it.
   *
   * @param timeout the time for one request, all attempts together
   */
  static VaultService of(VaultSettings settings, Duration timeout)
      throws IOException, InvalidKeyException {
    String token = settings.token();
    ServiceClient client = ServiceClient.with(timeout, pause(timeout));
    Optional<Path> authorities = settings.authorities();
    if (authorities.isPresent()) {
      try {
        client = client.trustingOnly(CertificateFile.read(authorities.get()));
      } catch (UnusableTrustException e) {
        throw new InvalidKeyException(
            "the variable " + settings.authoritiesVariable().orElse("") + ": " + e.getMessage(), e);
      }
    }
    return new VaultService(settings, client, timeout, token, settings.namespace());
  }

  /** The name of the server in messages. */
  String product() {
    return settings.product();
  }

  /** The variable that gave the address. */
  String addressVariable() {
    return settings.addressVariable();
  }

  /** The address, perhaps with a path. */
  URI address() {
    return settings.address();
  }

  /** The address in messages. */
  String shown() {
    return ServiceClient.show(settings.address());
  }

  private URI uri(String path) {
    return ServiceClient.below(settings.address(), "/v1/" + path);
  }

  /** Reads what is at a path. */
  Answer get(String path) throws IOException {
    return send(Request.get(product(), uri(path)));
  }

  /** Sends JSON to a path. */
  Answer post(String path, JsonWriter.Content members) throws IOException {
    return send(
        Request.post(product(), uri(path), JsonWriter.document(members))
            .withHeader("Content-Type", "application/json"));
  }

  private Answer send(Request request) throws IOException {
    Request complete =
        request
            .withHeader("Accept", "application/json")
            .withHeader("X-Vault-Request", "true")
            .withHeader("X-Vault-Token", token)
            .withSecrets(token)
            .withPlainHttpOnlyHere()
            .withMaxLength(MAX_ANSWER)
            .withDeadline(Deadline.in(timeout));
    if (namespace.isPresent()) {
      complete = complete.withHeader("X-Vault-Namespace", namespace.get());
    }
    try {
      return client.send(complete);
    } catch (IOException e) {
      Optional<String> variable = settings.authoritiesVariable();
      if (variable.isPresent() && isTls(e)) {
        throw new IOException(
            e.getMessage() + "; only the authorities in the file of " + variable.get() + " count",
            e);
      }
      throw e;
    }
  }

  private static boolean isTls(Throwable failure) {
    Throwable each = failure;
    for (int i = 0; each != null && i < 10; i++) {
      if (each instanceof SSLException) {
        return true;
      }
      each = each.getCause();
    }
    return false;
  }

  /** Reads the value of a member of {@code data}. */
  @FunctionalInterface
  interface Data {
    /** Reads or skips the value of this member. */
    void member(JsonReader reader, String name) throws MalformedJsonException;
  }

  /**
   * Reads the object {@code data} of a successful answer.
   *
   * @throws IOException if the answer is something else
   */
  void data(Answer answer, Data data) throws IOException {
    try {
      boolean found =
          JsonReader.read(
              "the answer",
              answer.content(),
              MAX_TOKENS,
              reader -> {
                boolean[] seen = {false};
                reader.object(name -> {
                  if (name.equals("data")) {
                    seen[0] = true;
                    reader.object(member -> data.member(reader, member));
                  } else {
                    reader.skip();
                  }
                });
                return seen[0];
              });
      if (!found) {
        throw new MalformedJsonException("the answer: data: is missing");
      }
    } catch (MalformedJsonException e) {
      throw new IOException(
          answer.describe(
              "answered with something else than expected ("
                  + e.getMessage()
                  + "): "
                  + answer.excerpt()
                  + "; is the address that of "
                  + product()
                  + "?"),
          answer.cause(e));
    }
  }

  /** Whether the server knows the token, which any token may ask for by default. */
  boolean knowsToken() throws IOException {
    return get("auth/token/lookup-self").isSuccess();
  }
}
