package dev.modelsigning.policy.internal.check;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * An SPDX License Expression (SPDX 2.3, annex D). It is met if every part that is joined by {@code
 * AND}, and at least one of those joined by {@code OR}, is an accepted licence. A licence {@code
 * WITH} an exception is accepted if it is allowed with or without it, and not denied.
 */
final class LicenseExpression {

  /** Nested parentheses; expressions of people have one or two. */
  private static final int MAX_DEPTH = 32;

  private final Deque<String> tokens;
  private final Predicate<String> allowed;
  private final Predicate<String> denied;
  private int depth;

  private LicenseExpression(
      Deque<String> tokens, Predicate<String> allowed, Predicate<String> denied) {
    this.tokens = tokens;
    this.allowed = allowed;
    this.denied = denied;
  }

  /**
   * Whether an expression is met.
   *
   * @param text the expression; a single licence may be any text
   * @param allowed whether a licence is allowed
   * @param denied whether it is denied, even if it is allowed
   * @return empty if it is not an expression
   */
  static Optional<Boolean> isMet(String text, Predicate<String> allowed, Predicate<String> denied) {
    Deque<String> tokens =
        Arrays.stream(text.replace("(", " ( ").replace(")", " ) ").trim().split("\\s+", -1))
            .collect(Collectors.toCollection(ArrayDeque::new));
    LicenseExpression expression = new LicenseExpression(tokens, allowed, denied);
    Optional<Boolean> met = expression.either();
    return tokens.isEmpty() ? met : Optional.empty();
  }

  private boolean skip(String word) {
    String next = tokens.peek();
    if (next != null && next.toUpperCase(Locale.ROOT).equals(word)) {
      tokens.remove();
      return true;
    }
    return false;
  }

  private Optional<Boolean> either() {
    Optional<Boolean> met = both();
    while (met.isPresent() && skip("OR")) {
      boolean before = met.get();
      met = both().map(next -> before || next);
    }
    return met;
  }

  private Optional<Boolean> both() {
    Optional<Boolean> met = one();
    while (met.isPresent() && skip("AND")) {
      boolean before = met.get();
      met = one().map(next -> before && next);
    }
    return met;
  }

  private Optional<Boolean> one() {
    if (skip("(")) {
      depth++;
      Optional<Boolean> met = depth > MAX_DEPTH ? Optional.empty() : either();
      depth--;
      return met.isPresent() && skip(")") ? met : Optional.empty();
    }
    String license = tokens.poll();
    if (license == null || license.isEmpty() || isWord(license)) {
      return Optional.empty();
    }
    if (!skip("WITH")) {
      return Optional.of(allowed.test(license) && !denied.test(license));
    }
    String exception = tokens.poll();
    if (exception == null || isWord(exception)) {
      return Optional.empty();
    }
    String whole = license + " WITH " + exception;
    return Optional.of(
        (allowed.test(license) || allowed.test(whole))
            && !denied.test(license)
            && !denied.test(whole));
  }

  private static boolean isWord(String token) {
    return switch (token.toUpperCase(Locale.ROOT)) {
      case "AND", "OR", "WITH", "(", ")" -> true;
      default -> false;
    };
  }
}
