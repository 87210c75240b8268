package dev.modelsigning.oci.internal.registry;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/**
 * How a registry is asked.
 *
 * @param environment the variables of this process
 * @param timeout the time-out of one request, without the body of a blob
 * @param stall the longest time in which hardly a byte of a blob comes or goes
 * @param pause the delay before a request is repeated; it doubles before each further one
 * @param search the longest time in which all that refers to a model is found and fetched, and that
 *     in which the registry is asked for all layers of it that are not read
 * @param alone from this many bytes on, a connection of its own for a blob is worth it
 * @param others the addresses that a registry may send its client to besides its own: those of
 *     token servers and of stores of blobs
 */
public record RegistrySettings(
    Map<String, String> environment,
    Duration timeout,
    Duration stall,
    Duration pause,
    Duration search,
    long alone,
    Predicate<URI> others) {

  /** Enough for 1,000 referrers, one after the other, even on a slow registry. */
  public static final Duration SEARCH = Duration.ofMinutes(10);

  /** A transfer of several handshakes' time, also over a fast network. */
  public static final long ALONE = 8L * 1024 * 1024;

  /** The settings of this process. */
  public static RegistrySettings ofProcess() {
    return of(System.getenv());
  }

  /** The settings of this process with other variables. */
  public static RegistrySettings of(Map<String, String> environment) {
    return new RegistrySettings(
        Map.copyOf(environment),
        Duration.ofSeconds(45),
        Duration.ofSeconds(60),
        Duration.ofMillis(500),
        SEARCH,
        ALONE,
        address -> true);
  }

  /** The same settings with other addresses to which a registry may send its client. */
  public RegistrySettings withOthers(Predicate<URI> addresses) {
    return new RegistrySettings(environment, timeout, stall, pause, search, alone, addresses);
  }
}
