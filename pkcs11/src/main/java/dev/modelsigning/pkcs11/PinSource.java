package dev.modelsigning.pkcs11;

import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Knows the PIN of a token, or can ask for it. */
@FunctionalInterface
public interface PinSource {

  /**
   * The PIN. It is asked for once, for a token that wants one and if the URI of the key has none.
   *
   * @param token the label of the token, safe to show
   * @return the PIN, or null if there is none; the array is overwritten after use
   * @throws IOException if it cannot be read
   * @throws SigningException if there is no way to get it
   */
  char @Nullable [] pin(String token) throws IOException, SigningException;
}
