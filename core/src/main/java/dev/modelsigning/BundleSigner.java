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
}
