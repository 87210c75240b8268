package dev.modelsigning.inspection;

import java.util.Optional;

/**
 * Something that a signature file says, if it can be read.
 *
 * @param value what it says; empty if it cannot be read
 * @param problem why it cannot be read, in words; empty if it can
 * @param <T> what it is
 */
public record Claim<T>(Optional<T> value, Optional<String> problem) {

  static <T> Claim<T> of(T value) {
    return new Claim<>(Optional.of(value), Optional.empty());
  }

  static <T> Claim<T> unreadable(Throwable why) {
    return new Claim<>(Optional.empty(), Optional.of(String.valueOf(why.getMessage())));
  }
}
