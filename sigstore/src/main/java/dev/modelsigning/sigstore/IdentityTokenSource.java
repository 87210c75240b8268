package dev.modelsigning.sigstore;

import dev.modelsigning.SigningException;
import java.io.IOException;

/**
 * Gets an identity token at the moment when it is needed: tokens live for minutes, and hashing a
 * model can take longer. This is an extension point.
 */
@FunctionalInterface
public interface IdentityTokenSource {

  /**
   * A token of now.
   *
   * @throws IOException if a service that is needed cannot be reached
   * @throws SigningException if there is no token to be had; the message says what to do
   */
  IdentityToken token() throws IOException, SigningException;
}
