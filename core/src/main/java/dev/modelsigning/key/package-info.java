/**
 * The signing method {@code key}: a pair of elliptic-curve keys (OMS 4.1).
 *
 * <pre>{@code
 * ModelSigner.using(KeySigner.load(Path.of("key.pem"))).sign(model, signature);
 * ModelVerifier.using(KeyVerifier.load(Path.of("key.pub"))).verify(model, signature);
 * }</pre>
 *
 * <p>{@link dev.modelsigning.key.KeyPairFiles} generates the two files. A private key that is held
 * elsewhere is a {@link dev.modelsigning.signingkey.SigningKey}.
 */
@NullMarked
package dev.modelsigning.key;

import org.jspecify.annotations.NullMarked;
