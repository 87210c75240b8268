package dev.modelsigning.kms.vault;

import dev.modelsigning.internal.http.Answer;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import java.io.IOException;
import java.net.URI;
import java.security.InvalidKeyException;
import java.util.ArrayList;
import java.util.List;

/** Explains answers that are no success: what the server refused, and what to do about it. */
final class Refusal {

  private static final int MAX_TOKENS = 1_000;

  private final VaultService service;
  private final Answer answer;
  private final List<String> errors;

  private Refusal(VaultService service, Answer answer, List<String> errors) {
    this.service = service;
    this.answer = answer;
    this.errors = errors;
  }

  /**
   * Requires that an answer is a success.
   *
   * @param right the right that is needed, such as {@code 'read' on transit/keys/models}
   * @param missing what is missing if nothing is there
   * @throws IOException if the server cannot answer now, or something else answers
   * @throws InvalidKeyException if it refuses
   */
  static void unlessSuccess(VaultService service, Answer answer, String right, String missing)
      throws IOException, InvalidKeyException {
    if (!answer.isSuccess()) {
      new Refusal(service, answer, errors(answer)).fail(right, missing);
    }
  }

  private static List<String> errors(Answer answer) {
    List<String> errors = new ArrayList<>();
    try {
      return JsonReader.read(
          "the answer",
          answer.content(),
          MAX_TOKENS,
          reader -> {
            reader.object(name -> {
              if (name.equals("errors")) {
                reader.array(index -> errors.add(reader.string()));
              } else {
                reader.skip();
              }
            });
            return errors;
          });
    } catch (MalformedJsonException e) {
      return List.of(); // a gateway's page, of which the excerpt is shown
    }
  }

  private boolean says(String words) {
    return errors.stream().anyMatch(error -> error.contains(words));
  }

  private void fail(String right, String missing) throws IOException, InvalidKeyException {
    int status = answer.status();
    if (status / 100 == 3) {
      throw new IOException(
          answer.describe(
              "redirects to "
                  + target()
                  + ", where the token is not sent; set "
                  + service.addressVariable()
                  + " to the address of the active server"));
    }
    if (status == 403) {
      throw new InvalidKeyException(answer.describe(denied(right)));
    }
    if (status == 404) {
      throw new InvalidKeyException(
          answer.describe(
              says("no handler for route")
                  ? "has no secrets engine there ("
                      + answer.excerpt()
                      + "); set"
                      + " TRANSIT_SECRET_ENGINE_PATH to where the engine transit is mounted, and the"
                      + " namespace, if there is one"
                  : "answered 404: " + missing));
    }
    if (status == 429) {
      throw new IOException(
          answer.describe("throttles requests (answered 429): try again later: " + excerpt()));
    }
    if (status == 503 && says("sealed")) {
      throw new IOException(
          answer.describe("is sealed: have an operator unseal it, then try again"));
    }
    if (status / 100 == 5) {
      throw new IOException(
          answer.describe("answered " + status + ": try again later: " + excerpt()));
    }
    throw new InvalidKeyException(answer.describe("refused with " + status + ": " + excerpt()));
  }

  private String excerpt() {
    return answer.excerpt();
  }

  private String target() {
    try {
      return answer
          .header("Location")
          .map(URI::create)
          .filter(uri -> uri.getScheme() != null && uri.getHost() != null)
          .map(ServiceClient::show)
          .orElse("another address");
    } catch (IllegalArgumentException e) {
      return "another address";
    }
  }

  /** A token that has expired and one without the right get the same status. */
  private String denied(String right) throws IOException {
    if (!says("invalid token") && service.knowsToken()) {
      return "denied the permission: the token is valid and its policies lack " + right;
    }
    return "does not know the token: it has expired, was revoked, or is that of another server or"
        + " namespace; log in again";
  }
}
