package dev.modelsigning.policy.internal.claim;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An SPDX License Expression (SPDX 2.3, annex D). It is met if every part that is joined by {@code
 * AND}, and at least one of those joined by {@code OR}, is an accepted licence. A licence {@code
 * WITH} an exception is accepted if it is allowed with or without it, and not denied.
 */
final class LicenseExpression {

  /** Nested parentheses; expressions of people have one or two. */
  private static final int MAX_DEPTH = 32;

  /** Licences whose version alone, or with a plus sign, is another spelling of these names. */
  private static final Pattern FAMILY =
      Pattern.compile("(?i)((?:[AL]?GPL|GFDL)-[0-9.]+)(?:-only|-or-later|\\+)?");

  private final Deque<String> tokens;
  private final List<String> allow;
  private final List<String> deny;
  private int depth;

  private LicenseExpression(Deque<String> tokens, List<String> allow, List<String> deny) {
    this.tokens = tokens;
    this.allow = allow;
    this.deny = deny;
  }

  /** The text without spaces around it, and with plain ones in it. */
  static String clean(String text) {
    return text.replaceAll("[\\p{Z}\\s]+", " ").strip();
  }

  /**
   * Whether a licence or an expression is accepted. A text that is no expression is a name.
   *
   * @param text the text, {@linkplain #clean cleaned}
   * @param allow the allowed licences; all if empty
   * @param deny the denied ones. One of the GPL family denies all spellings of its version: whoever
   *     may use a later version may use this one
   */
  static boolean isMet(String text, List<String> allow, List<String> deny) {
    Deque<String> tokens =
        Arrays.stream(text.replace("(", " ( ").replace(")", " ) ").strip().split(" +", -1))
            .collect(Collectors.toCollection(ArrayDeque::new));
    LicenseExpression expression = new LicenseExpression(tokens, allow, deny);
    Optional<Boolean> met = expression.either();
    if (met.isPresent() && tokens.isEmpty()) {
      return met.get();
    }
    boolean unclear =
        Arrays.stream(text.split("[ ()]+", -1)).anyMatch(word -> !word.isEmpty() && isWord(word))
            || text.contains("(")
            || text.contains(")");
    // What looks like an expression and is none could be read in any way.
    return (!unclear || isIn(text, allow)) && expression.allowed(text) && !expression.denied(text);
  }

  private boolean allowed(String license) {
    return allow.isEmpty() || isIn(license, allow);
  }

  private boolean denied(String license) {
    return isIn(license, deny)
        || deny.stream().anyMatch(each -> family(each).equalsIgnoreCase(family(license)));
  }

  private static boolean isIn(String license, List<String> list) {
    return list.stream().anyMatch(each -> each.equalsIgnoreCase(license));
  }

  private static String family(String license) {
    Matcher matcher = FAMILY.matcher(license);
    return matcher.matches() ? matcher.group(1) : license;
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
      return Optional.of(allowed(license) && !denied(license));
    }
    String exception = tokens.poll();
    if (exception == null || isWord(exception)) {
      return Optional.empty();
    }
    String whole = license + " WITH " + exception;
    return Optional.of((allowed(license) || allowed(whole)) && !denied(license) && !denied(whole));
  }

  private static boolean isWord(String token) {
    return switch (token.toUpperCase(Locale.ROOT)) {
      case "AND", "OR", "WITH", "(", ")" -> true;
      default -> false;
    };
  }
}
