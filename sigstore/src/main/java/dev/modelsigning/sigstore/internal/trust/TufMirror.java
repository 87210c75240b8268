package dev.modelsigning.sigstore.internal.trust;

import dev.modelsigning.internal.http.Answer;
import dev.modelsigning.internal.http.Deadline;
import dev.modelsigning.internal.http.Request;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.sigstore.internal.trust.TufState.UnreachableException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The files of a TUF repository over the network, for one update. */
public final class TufMirror implements TufState.Source {

  /** What the repository is called in messages. */
  public static final String SERVICE = "the trust repository (TUF)";

  private static final String NEXT_ROOT = "[0-9]+\\.root\\.json";

  /** How long to wait for all of its files together, some of them of any number. */
  private static final Duration TOTAL = Duration.ofMinutes(1);

  private final ServiceClient client;
  private final URI address;
  private final Deadline deadline = Deadline.in(TOTAL);
  private final Map<String, byte[]> fetched = new HashMap<>();

  /** The repository at an address; time begins to count now. */
  public TufMirror(ServiceClient client, URI address) {
    this.client = client;
    this.address = address;
  }

  /** The files that it had, by the names that were asked for. */
  public Map<String, byte[]> fetched() {
    return Collections.unmodifiableMap(fetched);
  }

  /** A file of the repository; those that do not name files by version or hash have plain ones. */
  @Override
  public Optional<byte[]> read(String name, int maxLength) throws IOException {
    Optional<byte[]> content = get(name, maxLength);
    if (content.isEmpty() && !name.matches(NEXT_ROOT)) {
      content =
          get(name.replaceFirst("^([0-9]+\\.|(targets/)[0-9a-f]{64,128}\\.)", "$2"), maxLength);
    }
    content.ifPresent(bytes -> fetched.put(name, bytes));
    return content;
  }

  private Optional<byte[]> get(String name, int maxLength) throws IOException {
    try {
      Answer answer =
          client.send(
              Request.get(SERVICE, ServiceClient.below(address, "/" + name))
                  .withMaxLength(maxLength)
                  .withDeadline(deadline)
                  .followingRedirects());
      if (answer.status() == 404 || (answer.status() == 403 && name.matches(NEXT_ROOT))) {
        // A bucket without the right to list it says 403 of what is not there. Only of the next
        // root that is no failure, as it says that there is none yet.
        return Optional.empty();
      }
      if (!answer.isSuccess()) {
        throw new IOException(answer.describe("answered " + answer.status()));
      }
      return Optional.of(answer.content());
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw new UnreachableException("" + e.getMessage(), e);
    }
  }
}
