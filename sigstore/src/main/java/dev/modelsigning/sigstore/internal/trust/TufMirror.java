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

/** Downloads the files of a TUF repository, for one update. */
public final class TufMirror implements TufState.Source {

  /** The name of the repository in messages. */
  public static final String SERVICE = "the trust repository (TUF)";

  private static final String NEXT_ROOT = "[0-9]+\\.root\\.json";

  /** The time limit for all files together, whose number is not limited. */
  private static final Duration TOTAL = Duration.ofMinutes(1);

  private final ServiceClient client;
  private final URI address;
  private final Deadline deadline = Deadline.in(TOTAL);
  private final Map<String, byte[]> fetched = new HashMap<>();

  /** Creates a mirror at an address; the time limit starts now. */
  public TufMirror(ServiceClient client, URI address) {
    this.client = client;
    this.address = address;
  }

  /** The downloaded files, by the names that were requested. */
  public Map<String, byte[]> fetched() {
    return Collections.unmodifiableMap(fetched);
  }

  /**
   * Downloads a file of the repository; repositories that do not prefix names with versions or
   * hashes have plain names.
   */
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
        // A bucket without permission to list it answers 403 for missing files. This is accepted
        // only for the next root, for which it means that there is none yet.
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
