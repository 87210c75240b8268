package dev.modelsigning.policy.problem;

import org.jspecify.annotations.Nullable;

/**
 * A policy cannot be used. The message has the form {@code FILE:LINE: FIELD: WHAT}; it may contain
 * untrusted text, and must be escaped for display.
 */
public final class MalformedPolicyException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String file;
  private final Place place;
  private final String what;

  /**
   * Creates an exception.
   *
   * @param file the file, for display
   * @param place where in it
   * @param what what is wrong: expected what, found what
   */
  public MalformedPolicyException(String file, Place place, String what) {
    this(file, place, what, null);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param file the file, for display
   * @param place where in it
   * @param what what is wrong: expected what, found what
   * @param cause the cause
   */
  public MalformedPolicyException(
      String file, Place place, String what, @Nullable Throwable cause) {
    super(
        file
            + ":"
            + place.line()
            + ": "
            + (place.field().isEmpty() ? "" : place.field() + ": ")
            + what,
        cause);
    this.file = file;
    this.place = place;
    this.what = what;
  }

  /** The file, for display. */
  public String file() {
    return file;
  }

  /** Where it is. */
  public Place place() {
    return place;
  }

  /** The line, from 1. */
  public int line() {
    return place.line();
  }

  /** The path of the value; empty for the whole policy. */
  public String field() {
    return place.field();
  }

  /** What is wrong, without the place. */
  public String what() {
    return what;
  }
}
