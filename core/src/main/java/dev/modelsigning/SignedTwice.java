package dev.modelsigning;

import dev.modelsigning.signing.SignedPayload;

/**
 * A model that was signed twice, with one payload.
 *
 * @param model the model, with its signature
 * @param also the other signature, over the same payload
 */
public record SignedTwice(SignedModel model, SignedPayload also) {}
