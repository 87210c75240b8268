package dev.modelsigning.oci;

import dev.modelsigning.internal.http.Request;
import dev.modelsigning.oci.internal.registry.Registry;
import dev.modelsigning.oci.internal.registry.RegistrySettings;
import dev.modelsigning.oci.reference.OciReference;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How a program asks registries that does so for others: those who name the models must not decide
 * which addresses are asked. Credentials, tokens and connections of a registry are kept as long as
 * this object is used. Thread-safe.
 */
public final class RegistryAccess {

  private final RegistrySettings settings;
  private final AnswerBudget budget;
  private final Map<String, Registry> registries = new ConcurrentHashMap<>();

  private RegistryAccess(RegistrySettings settings, AnswerBudget budget) {
    this.settings = settings;
    this.budget = budget;
  }

  /**
   * Access to registries, with limits.
   *
   * @param environment the variables that say where credentials are, such as {@code DOCKER_CONFIG}
   * @param others the hosts, with a port unless it is 443, to which a registry may send its client
   *     by TLS: token servers, and stores of blobs. It may send it to its own address in any case,
   *     and nowhere else
   * @param budget what answers may take of the memory
   */
  public static RegistryAccess of(
      Map<String, String> environment, Set<String> others, AnswerBudget budget) {
    Set<String> hosts = Set.copyOf(others);
    return new RegistryAccess(
        RegistrySettings.of(environment)
            .withOthers(address -> hosts.stream().anyMatch(host -> isAt(host, address))),
        budget);
  }

  private static boolean isAt(String host, URI address) {
    return Request.isSameOrigin(URI.create("https://" + host), address);
  }

  /** The registry of a reference. Nothing is asked yet. */
  Registry registry(OciReference reference) {
    return registries.computeIfAbsent(
        reference.registry(), name -> Registry.of(reference, settings));
  }

  AnswerBudget budget() {
    return budget;
  }
}
