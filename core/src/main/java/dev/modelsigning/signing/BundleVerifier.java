package dev.modelsigning.signing;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Verifies bundles of one signing method (OMS 8.2, 8.3). This is an extension point: a method of
 * one's own implements it.
 */
public interface BundleVerifier {

  /**
   * Authenticates the envelope of a bundle, and only then hands out its payload. What the payload
   * says is not looked at.
   *
   * @param bundle any bundle, possibly made by an attacker
   * @return the payload, and who signed it
   * @throws MalformedBundleException if a part of the bundle is not what its form promises
   * @throws VerificationException if the signature is not to be trusted
   * @throws IOException if a file or service that is needed cannot be reached
   */
  VerifiedPayload verify(Bundle bundle)
      throws IOException, MalformedBundleException, VerificationException;

  /**
   * Who must have signed, as this verifier was told: each name, such as {@code identity}, in camel
   * case, with the values of which one is enough. It is shown in verdicts, and decides nothing.
   *
   * @return what was asked for, in the order in which to show it; empty if anybody will do who is
   *     trusted
   */
  default Map<String, List<String>> expected() {
    return Map.of();
  }
}
