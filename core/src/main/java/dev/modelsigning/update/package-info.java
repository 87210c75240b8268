/**
 * Signing a model again after a part of it has changed, without reading the rest: digests come from
 * the earlier signature alone, and only for files that are proved unchanged.
 */
@NullMarked
package dev.modelsigning.update;

import org.jspecify.annotations.NullMarked;
