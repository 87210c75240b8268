/**
 * Models in S3, and in other stores that speak its protocol, signed and verified where they are.
 *
 * <pre>{@code
 * S3Options options = S3Options.withDefaults();
 * try (S3Model model = S3Model.open(S3Reference.parse("s3://bucket/models/my-model"), options)) {
 *   Bundle bundle = ModelSigner.using(KeySigner.load(Path.of("key.pem"))).sign(model);
 * }
 * }</pre>
 *
 * <p>The statement is the one that a directory with the same files has.
 */
@NullMarked
package dev.modelsigning.s3;

import org.jspecify.annotations.NullMarked;
