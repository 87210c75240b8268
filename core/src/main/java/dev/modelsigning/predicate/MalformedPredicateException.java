package dev.modelsigning.predicate;

/**
 * A predicate, or what one is written from, does not have the required form. The message names the
 * field by its path.
 */
public final class MalformedPredicateException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Creates an exception with a message. */
  public MalformedPredicateException(String message) {
    super(message);
  }

  /** Creates an exception with a message and a cause. */
  public MalformedPredicateException(String message, Throwable cause) {
    super(message, cause);
  }
}
