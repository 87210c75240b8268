package dev.modelsigning;

import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.signing.SignedPayload;

/**
 * A model that was signed.
 *
 * @param content what was hashed, and what was left out
 * @param signature the signed statement about it: its bundle, by whom, and when
 */
public record SignedModel(HashedModel content, SignedPayload signature) {}
