/**
 * Signing and verifying models, the whole procedure (OMS 6 and 8).
 *
 * <p>One statement signs, and one verifies; {@code model} and {@code signature} are paths:
 *
 * <pre>{@code
 * ModelSigner.using(KeySigner.load(Path.of("key.pem"))).sign(model, signature);
 * ModelVerifier.using(KeyVerifier.load(Path.of("key.pub"))).verify(model, signature);
 * }</pre>
 *
 * <p>The other methods are used in the same way: {@link dev.modelsigning.certificate}, and {@code
 * dev.modelsigning.sigstore} in a module of its own. Keys that are not in files are opened by their
 * URI ({@link dev.modelsigning.signingkey}).
 *
 * <p>{@link dev.modelsigning.ModelSigner} signs with a {@link
 * dev.modelsigning.signing.PayloadSigner}; {@link dev.modelsigning.ModelVerifier} verifies with a
 * {@link dev.modelsigning.signing.BundleVerifier} and returns a {@link
 * dev.modelsigning.VerifiedModel} or throws. Failures have five kinds: {@link
 * dev.modelsigning.signing.UnusableTrustException} for unusable trust anchors and keys, {@link
 * java.io.IOException}, {@link dev.modelsigning.bundle.MalformedBundleException}, {@link
 * dev.modelsigning.signing.VerificationException} and {@link
 * dev.modelsigning.signing.SigningException}.
 */
@NullMarked
package dev.modelsigning;

import org.jspecify.annotations.NullMarked;
