package dev.modelsigning.signing;

import dev.modelsigning.bundle.Payload;
import java.io.IOException;
import java.util.List;

/**
 * Signs payloads by one signing method (OMS 6.7, 6.8), whatever they say. This is an extension
 * point: a method of one's own implements it.
 */
public interface PayloadSigner {

  /**
   * Signs payloads, each into a bundle of its own, in one go: with one sign-in, one certificate,
   * one PIN. Either all of them are signed or none is returned.
   *
   * @param payloads what to sign, at least one
   * @return for each of them, in the same order, a bundle that a verifier of the same method
   *     accepts
   * @throws IOException if a file or service that is needed cannot be reached
   * @throws SigningException if the key cannot or may not sign
   */
  List<SignedPayload> sign(List<Payload> payloads) throws IOException, SigningException;

  /**
   * Signs one payload.
   *
   * @param payload what to sign
   * @return a bundle that a verifier of the same method accepts, and by whom it is
   * @throws IOException if a file or service that is needed cannot be reached
   * @throws SigningException if the key cannot or may not sign
   */
  default SignedPayload sign(Payload payload) throws IOException, SigningException {
    return sign(List.of(payload)).get(0);
  }

  /**
   * Refuses what cannot succeed, as far as that can be told without signing: it is asked before a
   * model is hashed, which can take hours.
   *
   * @throws IOException if a file that is needed is missing, or does not hold what is needed
   * @throws SigningException if the key cannot or may not sign
   */
  default void requireReady() throws IOException, SigningException {}
}
