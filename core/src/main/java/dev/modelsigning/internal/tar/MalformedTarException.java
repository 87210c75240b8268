package dev.modelsigning.internal.tar;

import java.io.IOException;

/** An archive that is damaged, or that programs would unpack differently. */
public final class MalformedTarException extends IOException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception; the message says what was expected and found, without a location. */
  public MalformedTarException(String message) {
    super(message);
  }
}
