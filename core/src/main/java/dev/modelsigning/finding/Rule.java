package dev.modelsigning.finding;

import java.io.Serializable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The definition of one kind of finding.
 *
 * @param code the stable identifier for programs, which never changes: upper-case letters, digits
 *     and underscores, starting with a letter. Codes of third parties have a prefix with a slash,
 *     such as {@code acme/NO_QUOTE}
 * @param severity the default severity of its findings
 * @param title what it means, in one line without a full stop
 * @param help what to do about it, in one line without a full stop
 */
public record Rule(String code, Severity severity, String title, String help)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final Pattern CODE =
      Pattern.compile("([a-z][a-z0-9.-]{0,63}/)?[A-Z][A-Z0-9_]{0,63}");

  /**
   * Checks the form of the code.
   *
   * @throws IllegalArgumentException if it does not have this form
   */
  public Rule {
    if (!CODE.matcher(code).matches()) {
      throw new IllegalArgumentException(
          "the code of a rule: expected upper-case letters, digits and underscores, perhaps with a"
              + " name and a slash before it, found "
              + code);
    }
  }

  /** Like that of any record; a generated method would create classes when it first runs. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Rule rule
        && code.equals(rule.code)
        && severity == rule.severity
        && title.equals(rule.title)
        && help.equals(rule.help);
  }

  @Override
  public int hashCode() {
    return code.hashCode();
  }

  /** Whether it is a rule of a third party. */
  public boolean isForeign() {
    return code.indexOf('/') >= 0;
  }
}
