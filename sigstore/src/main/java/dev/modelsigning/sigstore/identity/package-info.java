/**
 * Signing in: where identity tokens come from that nobody put into a file.
 *
 * <pre>{@code
 * IdentityTokenSource file = IdentityTokenSource.fromFile(Path.of("token.jwt"));
 * IdentityTokenSource tokens =
 *     AmbientCredentials.forClient(InteractiveSignIn.CLIENT_ID).orElse(file);
 * ModelSigner.using(SigstoreSigner.load(tokens)).sign(model, signature);
 * }</pre>
 *
 * <p>{@link dev.modelsigning.sigstore.identity.AmbientCredentials} asks the build service or cloud
 * that a program runs on, {@link dev.modelsigning.sigstore.identity.InteractiveSignIn} has the user
 * sign in with a browser.
 */
@NullMarked
package dev.modelsigning.sigstore.identity;

import org.jspecify.annotations.NullMarked;
