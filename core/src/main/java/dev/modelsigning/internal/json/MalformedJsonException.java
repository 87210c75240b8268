package dev.modelsigning.internal.json;

/** A document is not valid JSON (RFC 8259), or does not have the expected structure. */
public final class MalformedJsonException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Creates an exception whose message gives the position and the problem. */
  public MalformedJsonException(String message) {
    super(message);
  }
}
