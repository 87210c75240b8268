/**
 * Signing and verifying models, the whole procedure (OMS 6 and 8).
 *
 * <p>{@link dev.modelsigning.ModelSigner} signs with a {@link
 * dev.modelsigning.signing.PayloadSigner}; {@link dev.modelsigning.ModelVerifier} verifies with a
 * {@link dev.modelsigning.signing.BundleVerifier} and returns a {@link
 * dev.modelsigning.VerifiedModel} or throws. Failures have four kinds: {@link java.io.IOException},
 * {@link dev.modelsigning.bundle.MalformedBundleException}, {@link
 * dev.modelsigning.signing.VerificationException} and {@link
 * dev.modelsigning.signing.SigningException}.
 */
@NullMarked
package dev.modelsigning;

import org.jspecify.annotations.NullMarked;
