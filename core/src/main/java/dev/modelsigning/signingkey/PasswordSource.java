package dev.modelsigning.signingkey;

import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Knows the password of a private key or key store, or can ask for it. */
@FunctionalInterface
public interface PasswordSource {

  /**
   * The password.
   *
   * @return the password, or null if there is none; the array is not changed
   * @throws IOException if it cannot be read
   * @throws SigningException if there is no way to get it
   */
  char @Nullable [] password() throws IOException, SigningException;
}
