package dev.modelsigning;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Statement;
import java.io.IOException;

/**
 * Signs statements by one signing method (OMS 6.7, 6.8). This is an extension point: a method of
 * one's own implements it.
 */
public interface BundleSigner {

  /**
   * Signs a statement and wraps it into a bundle.
   *
   * @param statement what to sign
   * @return a bundle that a verifier of the same method accepts
   * @throws IOException if a file or service that is needed cannot be reached
   * @throws SigningException if the key cannot or may not sign
   */
  Bundle sign(Statement statement) throws IOException, SigningException;

  /**
   * Refuses what cannot succeed, as far as that can be told without signing: it is asked before a
   * model is hashed, which can take hours.
   *
   * @throws IOException if a file that is needed is missing, or does not hold what is needed
   * @throws SigningException if the key cannot or may not sign
   */
  default void requireReady() throws IOException, SigningException {}
}
