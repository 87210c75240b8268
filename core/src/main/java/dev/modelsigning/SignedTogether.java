package dev.modelsigning;

import dev.modelsigning.signing.SignedPayload;
import java.util.List;

/**
 * A model that was signed, and other payloads that were signed in the same session.
 *
 * @param model the model, with its signature
 * @param others the other signatures, in the order of their payloads
 */
public record SignedTogether(SignedModel model, List<SignedPayload> others) {

  /** Copies the list. */
  public SignedTogether {
    others = List.copyOf(others);
  }
}
