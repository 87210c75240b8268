package dev.modelsigning.signing;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Verifies bundles of one signing method (OMS 8.2, 8.3). This is an extension point for further
 * signing methods.
 */
public interface BundleVerifier {

  /**
   * Authenticates the envelope of a bundle, and only then returns its payload. The content of the
   * payload is not interpreted.
   *
   * @param bundle any bundle, possibly made by an attacker
   * @return the payload with its signer
   * @throws MalformedBundleException if a part of the bundle is malformed
   * @throws VerificationException if the signature is not trusted
   * @throws IOException if a required file or service cannot be reached
   */
  VerifiedPayload verify(Bundle bundle)
      throws IOException, MalformedBundleException, VerificationException;

  /**
   * The signer that this verifier requires: each attribute, such as {@code identity}, by its name
   * in camel case, with the accepted values, of which one must match. It is for display in
   * verdicts, and has no effect on verification.
   *
   * @return the requirements in the order of display; empty if any trusted signer is accepted
   */
  default Map<String, List<String>> expected() {
    return Map.of();
  }

  /**
   * The verifier for attestations, with the same trust. Other tools write those too, and name keys
   * in another way than OMS demands of signatures of models; whom to trust does not depend on that.
   *
   * @return this verifier, unless the method has another one for attestations
   */
  default BundleVerifier forAttestations() {
    return this;
  }
}
