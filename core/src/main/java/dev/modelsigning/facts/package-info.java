/**
 * What the files of a model say about it, besides their digests: content that can run when it is
 * loaded, and what its card states. Facts are found by inspecting the bytes while they are hashed,
 * and are reported only for files that match the signed digests.
 *
 * <p>They are not a security assessment: if nothing was found, there may still be content that can
 * run.
 */
@NullMarked
package dev.modelsigning.facts;

import org.jspecify.annotations.NullMarked;
