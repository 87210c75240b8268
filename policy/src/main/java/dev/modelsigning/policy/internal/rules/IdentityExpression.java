package dev.modelsigning.policy.internal.rules;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A regular expression for a whole identity, in the syntax of RE2, whose time is in proportion to
 * the length of the expression, with its repetitions written out, and of the text.
 */
public final class IdentityExpression {

  /** The largest number of characters. */
  static final int MAX_LENGTH = 1_000;

  /** The largest number of steps: counted repetitions are written out, nested ones multiply. */
  static final int MAX_STEPS = 10_000;

  private final Pattern pattern;
  private final boolean dot;

  private IdentityExpression(Pattern pattern, boolean dot) {
    this.pattern = pattern;
    this.dot = dot;
  }

  /**
   * Compiles an expression.
   *
   * @throws IllegalArgumentException if it is none, or is too large
   */
  public static IdentityExpression of(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "expected an expression of at most " + MAX_LENGTH + " characters");
    }
    // Before it is compiled, which takes memory for each step.
    Steps steps = new Steps(text);
    if (steps.count() > MAX_STEPS) {
      throw new IllegalArgumentException(
          "expected an expression whose repetitions make at most " + MAX_STEPS + " steps");
    }
    try {
      return new IdentityExpression(Pattern.compile(text), steps.dot);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("not an expression of RE2: " + e.getDescription(), e);
    }
  }

  /** Whether the whole identity matches. */
  public boolean matches(String identity) {
    return pattern.matches(identity);
  }

  /** Whether a dot stands for any one character, which is rarely meant in a name of a host. */
  public boolean hasDot() {
    return dot;
  }

  /**
   * How many steps an expression has when its counted repetitions are written out: an upper bound
   * for whatever compiles.
   */
  private static final class Steps {
    private final String text;
    private final Deque<Long> outer = new ArrayDeque<>();
    private long sum;
    private long last;
    private int at;
    private boolean dot;

    Steps(String text) {
      this.text = text;
    }

    long count() {
      while (at < text.length()) {
        char c = text.charAt(at);
        if (c == '\\') {
          escape();
        } else if (c == '[') {
          characterClass();
          add(1);
        } else if (c == '(') {
          at++;
          outer.push(sum);
          sum = 0;
          last = 0;
        } else if (c == ')') {
          at++;
          close();
        } else if (c == '{') {
          repetition();
        } else {
          at++;
          dot |= c == '.' && (at == text.length() || "*+?{".indexOf(text.charAt(at)) < 0);
          if (c != '*' && c != '+' && c != '?' && c != '|') {
            add(1);
          }
        }
      }
      while (!outer.isEmpty()) {
        close();
      }
      return sum;
    }

    private void add(long steps) {
      last = steps;
      sum = bounded(sum + steps);
    }

    /** A group counts at least one step, so that repetitions of nothing count. */
    private void close() {
      long group = Math.max(1, sum);
      sum = outer.isEmpty() ? 0 : outer.pop();
      add(group);
    }

    private void escape() {
      if (text.startsWith("\\Q", at)) {
        int end = text.indexOf("\\E", at + 2);
        int stop = end < 0 ? text.length() : end;
        for (int i = at + 2; i < stop; i++) {
          add(1);
        }
        at = end < 0 ? stop : end + 2;
        return;
      }
      boolean braced =
          text.startsWith("\\p{", at) || text.startsWith("\\P{", at) || text.startsWith("\\x{", at);
      int end = braced ? text.indexOf('}', at) : -1;
      at = end < 0 ? at + 2 : end + 1;
      add(1);
    }

    /** A closing bracket at the start is a member, and so is an escaped one. */
    private void characterClass() {
      at++;
      if (text.startsWith("^", at)) {
        at++;
      }
      if (text.startsWith("]", at)) {
        at++;
      }
      while (at < text.length() && text.charAt(at) != ']') {
        if (text.startsWith("[:", at)) {
          int end = text.indexOf(":]", at + 2);
          at = end < 0 ? at + 1 : end + 2;
        } else {
          at += text.charAt(at) == '\\' ? 2 : 1;
        }
      }
      at++;
    }

    private void repetition() {
      int end = text.indexOf('}', at);
      String counts = end < 0 ? "" : text.substring(at + 1, end);
      if (!counts.matches("[0-9]+(,[0-9]*)?")) {
        at++;
        add(1);
        return;
      }
      String[] parts = counts.split(",", -1);
      long most = 1;
      for (String part : parts) {
        most =
            Math.max(
                most, part.isEmpty() ? 1 : part.length() > 5 ? MAX_STEPS : Long.parseLong(part));
      }
      // Without an upper bound, one more copy is made for the rest.
      long copies = counts.endsWith(",") ? most + 1 : most;
      long steps = bounded(last * copies);
      sum = bounded(sum - last + steps);
      last = steps;
      at = end + 1;
    }

    private static long bounded(long steps) {
      return Math.min(steps, MAX_STEPS + 1L);
    }
  }
}
