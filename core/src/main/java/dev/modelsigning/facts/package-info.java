/**
 * What the files of a model say about it, besides their digests: what can run when it is loaded,
 * and what its card states. Facts are found by looking at the bytes while they are hashed, and are
 * told of files only whose digests are the ones that were signed.
 *
 * <p>They are no judgement: that nothing was found does not mean that nothing can run.
 */
@NullMarked
package dev.modelsigning.facts;

import org.jspecify.annotations.NullMarked;
