package dev.modelsigning.signingkey;

import dev.modelsigning.finding.Finding;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a {@link KeyProvider} may use to open a key, in addition to its URI. Instances are
 * immutable.
 */
public final class KeyContext {

  private final SecretSource secrets;
  private final Map<String, String> options;
  private final Duration timeout;
  private final Consumer<Finding> findings;
  private final Map<String, String> environment;

  private KeyContext(
      SecretSource secrets,
      Map<String, String> options,
      Duration timeout,
      Consumer<Finding> findings,
      Map<String, String> environment) {
    this.secrets = secrets;
    this.options = Map.copyOf(options);
    this.timeout = timeout;
    this.findings = findings;
    this.environment = environment;
  }

  /**
   * The default: no secrets, no options, a time-out of 30 seconds for services, no listener, and
   * the environment of this process.
   */
  public static KeyContext withDefaults() {
    return new KeyContext(
        SecretSource.NONE, Map.of(), Duration.ofSeconds(30), finding -> {}, System.getenv());
  }

  /** Returns the same context with a source of passwords and PINs. */
  public KeyContext withSecrets(SecretSource other) {
    return new KeyContext(other, options, timeout, findings, environment);
  }

  /**
   * Returns the same context with an option for a provider.
   *
   * @param name the name of the option, prefixed with the provider's scheme, such as {@code
   *     pkcs11.module-path}
   * @param value its value
   */
  public KeyContext withOption(String name, String value) {
    Map<String, String> more = new HashMap<>(options);
    more.put(name, value);
    return new KeyContext(secrets, more, timeout, findings, environment);
  }

  /**
   * Returns the same context with another time-out for requests to services.
   *
   * @param other the time-out, greater than zero
   * @throws IllegalArgumentException if it is not
   */
  public KeyContext withTimeout(Duration other) {
    if (other.isNegative() || other.isZero()) {
      throw new IllegalArgumentException("expected a time-out greater than zero, found " + other);
    }
    return new KeyContext(secrets, options, other, findings, environment);
  }

  /**
   * Returns the same context with a listener for findings about the key, such as that only one try
   * is left before a token locks itself.
   */
  public KeyContext withFindings(Consumer<Finding> listener) {
    return new KeyContext(secrets, options, timeout, listener, environment);
  }

  /**
   * Returns the same context with other environment variables, which name the addresses of services
   * and the tokens for them. A library that a provider uses may still read those of the process.
   */
  public KeyContext withEnvironment(Map<String, String> variables) {
    return new KeyContext(secrets, options, timeout, findings, Map.copyOf(variables));
  }

  /** The source of passwords and PINs. */
  public SecretSource secrets() {
    return secrets;
  }

  /** The value of an option; empty if it was not given. */
  public Optional<String> option(String name) {
    return Optional.ofNullable(options.get(name));
  }

  /** The value of an environment variable; empty if it is not set, or set to nothing. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /** The environment variables. */
  public Map<String, String> environment() {
    return environment;
  }

  /** The time-out for HTTP requests to services. */
  public Duration timeout() {
    return timeout;
  }

  /** Reports a finding to the owner of the key. */
  public void report(Finding finding) {
    findings.accept(finding);
  }
}
