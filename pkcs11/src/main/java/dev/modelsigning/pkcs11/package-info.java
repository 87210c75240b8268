/**
 * Signing with keys in hardware: tokens, smart cards and security modules with a PKCS #11 module.
 *
 * <p>With this module installed, {@code pkcs11:} URIs name keys ({@link
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
 * <p>Verifiers need only the public key, and not this module:
 *
 * <pre>{@code
 * ModelVerifier.using(KeyVerifier.load(Path.of("key.pub"))).verify(model, signature);
 * }</pre>
 *
 * <p>{@link dev.modelsigning.pkcs11.Pkcs11KeyProvider} opens the keys, for the methods {@code key}
 * and {@code certificate}, and returns their public keys; {@link
 * dev.modelsigning.pkcs11.Pkcs11Tokens} lists them. Everything is plain Java on top of one small
 * interface, {@code Cryptoki}, with the functions of a module that are used.
 */
@NullMarked
package dev.modelsigning.pkcs11;

import org.jspecify.annotations.NullMarked;
