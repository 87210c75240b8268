/**
 * Signing in: sources of identity tokens other than files.
 *
 * <pre>{@code
 * IdentityTokenSource file = IdentityTokenSource.fromFile(Path.of("token.jwt"));
 * IdentityTokenSource tokens =
 *     AmbientCredentials.forClient(InteractiveSignIn.CLIENT_ID).orElse(file);
 * ModelSigner.using(SigstoreSigner.load(tokens)).sign(model, signature);
 * }</pre>
 *
 * <p>{@link dev.modelsigning.sigstore.identity.AmbientCredentials} requests them from the CI
 * service or cloud on which the program runs, {@link
 * dev.modelsigning.sigstore.identity.InteractiveSignIn} lets the user sign in with a browser.
 */
@NullMarked
package dev.modelsigning.sigstore.identity;

import org.jspecify.annotations.NullMarked;
