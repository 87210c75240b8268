/**
 * The signing method {@code sigstore}: keyless signatures (OMS 4.1). A signer proves an identity to
 * a certificate authority, which certifies a key with a lifetime of minutes; a public log records
 * the signature.
 *
 * <pre>{@code
 * IdentityTokenSource tokens = IdentityTokenSource.fromFile(Path.of("token.jwt"));
 * ModelSigner.using(SigstoreSigner.load(tokens)).sign(model, signature);
 * ModelVerifier.using(SigstoreVerifier.load("you@example.com", "https://accounts.google.com"))
 *     .verify(model, signature);
 * }</pre>
 *
 * <p>Both {@code load} methods fetch the trusted root from the TUF repository of the public
 * instance ({@link dev.modelsigning.sigstore.TrustRepository#publicGood()}), and signing makes the
 * identity public. Tokens come from a file, a variable, a browser ({@link
 * dev.modelsigning.sigstore.identity.InteractiveSignIn}) or a CI service ({@link
 * dev.modelsigning.sigstore.identity.AmbientCredentials}). With another instance, or without a
 * network:
 *
 * <pre>{@code
 * TrustedRoot root = TrustedRoot.load(Path.of("trusted_root.json"));
 * IdentityPolicy policy = IdentityPolicy.exactly("you@example.com", "https://accounts.google.com");
 * ModelVerifier.using(SigstoreVerifier.using(root, policy)).verify(model, signature);
 * }</pre>
 */
@NullMarked
package dev.modelsigning.sigstore;

import org.jspecify.annotations.NullMarked;
