/**
 * Signing with keys in HashiCorp Vault and OpenBao (secrets engine {@code transit}), which never
 * leave it.
 *
 * <p>With this module installed, {@code hashivault://KEY} and {@code openbao://KEY} name keys, as
 * cosign spells them. Address and token come from the environment ({@code VAULT_ADDR}, {@code
 * VAULT_TOKEN}):
 *
 * <pre>{@code
 * URI uri = URI.create("hashivault://models");
 * try (SigningKey key = KeyProviders.installed().open(uri, KeyContext.withDefaults())) {
 *   ModelSigner.using(KeySigner.using(key)).sign(model, signature);
 * }
 * }</pre>
 *
 * <p>Verifiers need only the public key, and not this module.
 */
@NullMarked
package dev.modelsigning.kms.vault;

import org.jspecify.annotations.NullMarked;
