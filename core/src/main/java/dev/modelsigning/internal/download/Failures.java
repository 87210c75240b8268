package dev.modelsigning.internal.download;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Makes the exception for a failure of a connection. */
public interface Failures {

  /** Returns the exception for this cause, or for a stalled body if there is none. */
  IOException of(@Nullable Throwable cause);
}
