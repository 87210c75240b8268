package dev.modelsigning.internal.revocation;

import org.jspecify.annotations.Nullable;

/** A certificate was revoked, or nobody can tell whether it was. The message says which and why. */
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

  /** Whether it only cannot be found out. */
  public boolean isUnknown() {
    return unknown;
  }
}
