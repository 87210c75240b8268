/**
 * Private keys wherever they are kept, and the passwords that they ask for.
 *
 * <p>A key is named by a URI, whose scheme says who opens it: {@code file:} is built in, {@code
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
 * <p>How signatures are made and verified is a {@link dev.modelsigning.signingkey.SignatureScheme},
 * and no provider of keys can add or replace one.
 */
@NullMarked
package dev.modelsigning.signingkey;

import org.jspecify.annotations.NullMarked;
