/**
 * Private keys in any kind of storage, and the secrets that they need.
 *
 * <p>A key is named by a URI, whose scheme selects the provider: {@code file:} is built in, {@code
 * pkcs11:} comes with the module for hardware tokens, and any {@link
 * dev.modelsigning.signingkey.KeyProvider} on the class path or module path adds its own. The key
 * then signs for the method {@code key} or {@code certificate}; {@code pin} is an array of
 * characters:
 *
 * <pre>{@code
 * URI uri = URI.create("pkcs11:token=release;object=models");
 * KeyContext context = KeyContext.withDefaults().withSecrets(request -> pin);
 * try (SigningKey key = KeyProviders.installed().open(uri, context)) {
 *   ModelSigner.using(KeySigner.using(key)).sign(model, signature);
 * }
 * }</pre>
 *
 * <p>Signatures are made and verified according to a {@link
 * dev.modelsigning.signingkey.SignatureScheme}; key providers cannot add or replace schemes.
 */
@NullMarked
package dev.modelsigning.signingkey;

import org.jspecify.annotations.NullMarked;
