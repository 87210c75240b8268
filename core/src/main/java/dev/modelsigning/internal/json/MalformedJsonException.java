package dev.modelsigning.internal.json;

/** A document is not JSON by RFC 8259, or not of the shape its reader expects. */
public final class MalformedJsonException extends Exception {

  private static final long serialVersionUID = 1L;

  /** The message names the place and what was wrong there. */
  public MalformedJsonException(String message) {
    super(message);
  }
}
