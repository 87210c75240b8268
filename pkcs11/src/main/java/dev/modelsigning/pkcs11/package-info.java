/**
 * Signing with keys in hardware: tokens, smart cards and security modules with a PKCS #11 module.
 *
 * <p>Once this module is there, {@code pkcs11:} URIs name keys ({@link
 * dev.modelsigning.pkcs11.Pkcs11Uri}, RFC 7512); {@code pin} is an array of characters:
 *
 * <pre>{@code
 * URI uri = URI.create("pkcs11:token=release;object=models");
 * KeyContext context = KeyContext.withDefaults().withSecrets(request -> pin);
 * try (SigningKey key = KeyProviders.installed().open(uri, context)) {
 *   ModelSigner.using(KeySigner.using(key)).sign(model, signature);
 * }
 * }</pre>
 *
 * <p>Those who verify need the public key only, and this module no more:
 *
 * <pre>{@code
 * ModelVerifier.using(KeyVerifier.load(Path.of("key.pub"))).verify(model, signature);
 * }</pre>
 *
 * <p>{@link dev.modelsigning.pkcs11.Pkcs11KeyProvider} opens the keys, for the methods {@code key}
 * and {@code certificate}, and gives their public keys; {@link
 * dev.modelsigning.pkcs11.Pkcs11Tokens} tells which there are. Everything is plain Java above one
 * small interface, {@code Cryptoki}, the calls of a module that are used.
 */
@NullMarked
package dev.modelsigning.pkcs11;

import org.jspecify.annotations.NullMarked;
