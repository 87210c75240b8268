package dev.modelsigning.inspection;

import java.util.Optional;

/**
 * An unverified value in a signature file, if it can be read.
 *
 * @param value the value; empty if it cannot be read
 * @param problem why it cannot be read; empty if it can
 * @param <T> the type of the value
 */
public record Claim<T>(Optional<T> value, Optional<String> problem) {

  static <T> Claim<T> of(T value) {
    return new Claim<>(Optional.of(value), Optional.empty());
  }

  static <T> Claim<T> unreadable(Throwable why) {
    return new Claim<>(Optional.empty(), Optional.of(String.valueOf(why.getMessage())));
  }
}
