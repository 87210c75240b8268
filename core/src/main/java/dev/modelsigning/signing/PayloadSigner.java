package dev.modelsigning.signing;

import dev.modelsigning.bundle.Payload;
import java.io.IOException;
import java.util.List;

/**
 * Signs payloads with one signing method (OMS 6.7, 6.8), independently of their content. This is an
 * extension point for further signing methods.
 */
public interface PayloadSigner {

  /**
   * Signs payloads, each into a separate bundle, in one session: with one sign-in, one certificate,
   * one PIN. Either all bundles are returned or none.
   *
   * @param payloads the payloads, at least one
   * @return for each of them, in the same order, a bundle that a verifier of the same method
   *     accepts
   * @throws IOException if a required file or service cannot be reached
   * @throws SigningException if the key cannot be used or is not permitted to sign
   */
  List<SignedPayload> sign(List<Payload> payloads) throws IOException, SigningException;

  /**
   * Signs one payload.
   *
   * @param payload the payload
   * @return a bundle that a verifier of the same method accepts, with its signer
   * @throws IOException if a required file or service cannot be reached
   * @throws SigningException if the key cannot be used or is not permitted to sign
   */
  default SignedPayload sign(Payload payload) throws IOException, SigningException {
    return sign(List.of(payload)).get(0);
  }

  /**
   * Checks, without signing, whether signing can succeed: it is called before a model is hashed,
   * which can take hours.
   *
   * @throws IOException if a required file is missing or does not have the expected content
   * @throws SigningException if the key cannot be used or is not permitted to sign
   */
  default void requireReady() throws IOException, SigningException {}
}
