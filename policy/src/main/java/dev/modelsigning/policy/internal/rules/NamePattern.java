package dev.modelsigning.policy.internal.rules;

/**
 * A pattern for names of models: {@code *} stands for any characters but a slash, {@code ?} for one
 * of these, {@code **} as a whole segment for any number of segments. Everything else stands for
 * itself. {@code dir/**} matches everything below {@code dir}, and not {@code dir}.
 *
 * @param text the pattern, relative, without empty segments, {@code .} and {@code ..}
 */
public record NamePattern(String text) {

  /** Whether a name matches. It takes time in proportion to both lengths at most. */
  public boolean matches(String name) {
    throw new UnsupportedOperationException(name);
  }

  /**
   * Whether every name that the other pattern matches is matched by this one, as far as is seen.
   */
  public boolean covers(NamePattern other) {
    throw new UnsupportedOperationException(other.text);
  }
}
