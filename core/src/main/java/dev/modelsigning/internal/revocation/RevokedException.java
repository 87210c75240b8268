package dev.modelsigning.internal.revocation;

import org.jspecify.annotations.Nullable;

/** A certificate was revoked, or its status is unknown. The message says which and why. */
public final class RevokedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean unknown;

  RevokedException(String message, boolean unknown, @Nullable Throwable cause) {
    super(message, cause);
    this.unknown = unknown;
  }

  RevokedException(String message) {
    super(message);
    this.unknown = false;
  }

  /** Whether the status is only unknown. */
  public boolean isUnknown() {
    return unknown;
  }
}
