package dev.modelsigning.sigstore.internal.message;

import java.util.Optional;

/**
 * How many services of a kind to use (Sigstore {@code ServiceConfiguration}).
 *
 * @param selector how to select them; empty if it is absent, or we do not know it
 * @param count how many, up to 2^32 - 1
 */
public record ServiceConfiguration(Optional<Selector> selector, long count) {

  /** That nothing is stated. */
  public static final ServiceConfiguration UNSTATED = new ServiceConfiguration(Optional.empty(), 0);

  /** How to select (Sigstore {@code ServiceSelector}). */
  public enum Selector {
    /** All of them. */
    ALL(1),
    /** Any one. */
    ANY(2),
    /** A number of them. */
    EXACT(3);

    private final int number;

    Selector(int number) {
      this.number = number;
    }

    static Optional<Selector> of(EnumText text) {
      for (Selector each : values()) {
        if (text.is(each.name(), each.number)) {
          return Optional.of(each);
        }
      }
      return Optional.empty();
    }
  }
}
