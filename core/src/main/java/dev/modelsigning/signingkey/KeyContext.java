package dev.modelsigning.signingkey;

import dev.modelsigning.finding.Finding;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a {@link KeyProvider} may use to get at a key, where its URI does not say. Values are
 * immutable.
 */
public final class KeyContext {

  private final SecretSource secrets;
  private final Map<String, String> options;
  private final Duration timeout;
  private final Consumer<Finding> findings;

  private KeyContext(
      SecretSource secrets,
      Map<String, String> options,
      Duration timeout,
      Consumer<Finding> findings) {
    this.secrets = secrets;
    this.options = Map.copyOf(options);
    this.timeout = timeout;
    this.findings = findings;
  }

  /** No secrets, no options, 30 seconds for the answer of a service, and nobody who hears. */
  public static KeyContext withDefaults() {
    return new KeyContext(SecretSource.NONE, Map.of(), Duration.ofSeconds(30), finding -> {});
  }

  /** The same with a source of passwords and PINs. */
  public KeyContext withSecrets(SecretSource other) {
    return new KeyContext(other, options, timeout, findings);
  }

  /**
   * The same with an option for a provider.
   *
   * @param name the name of the option, which begins with that of the provider's scheme, such as
   *     {@code pkcs11.module-path}
   * @param value its value
   */
  public KeyContext withOption(String name, String value) {
    Map<String, String> more = new HashMap<>(options);
    more.put(name, value);
    return new KeyContext(secrets, more, timeout, findings);
  }

  /**
   * The same with another limit on how long a service may take to answer a request.
   *
   * @param other the limit, greater than zero
   * @throws IllegalArgumentException if it is not
   */
  public KeyContext withTimeout(Duration other) {
    if (other.isNegative() || other.isZero()) {
      throw new IllegalArgumentException("expected a time-out greater than zero, found " + other);
    }
    return new KeyContext(secrets, options, other, findings);
  }

  /**
   * The same with somebody who hears what the owner of a key should know, such as that only one try
   * is left before a token locks itself.
   */
  public KeyContext withFindings(Consumer<Finding> listener) {
    return new KeyContext(secrets, options, timeout, listener);
  }

  /** Where passwords and PINs come from. */
  public SecretSource secrets() {
    return secrets;
  }

  /** The value of an option; empty if it was not given. */
  public Optional<String> option(String name) {
    return Optional.ofNullable(options.get(name));
  }

  /** How long a service may take to answer a request over HTTP. */
  public Duration timeout() {
    return timeout;
  }

  /** Tells the owner of the key something. */
  public void report(Finding finding) {
    findings.accept(finding);
  }
}
