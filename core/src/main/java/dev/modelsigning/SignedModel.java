package dev.modelsigning;

import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.signing.SignedPayload;

/**
 * A model that was signed.
 *
 * @param content what was hashed, and what was left out
 * @param signature the signed statement with its bundle, signer and time
 */
public record SignedModel(HashedModel content, SignedPayload signature) {}
