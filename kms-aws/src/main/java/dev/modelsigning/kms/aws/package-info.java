/**
 * Signing with keys in AWS KMS, which never leave it.
 *
 * <p>With this module installed, {@code awskms:///} URIs name keys, as cosign spells them: {@code
 * awskms:///alias/models}, {@code awskms:///arn:aws:kms:...}. Credentials and the region come from
 * where the AWS SDK looks for them:
 *
 * <pre>{@code
 * URI uri = URI.create("awskms:///alias/models");
 * try (SigningKey key = KeyProviders.installed().open(uri, KeyContext.withDefaults())) {
 *   ModelSigner.using(KeySigner.using(key)).sign(model, signature);
 * }
 * }</pre>
 *
 * <p>Verifiers need only the public key, and not this module.
 */
@NullMarked
package dev.modelsigning.kms.aws;

import org.jspecify.annotations.NullMarked;
