/** Copies of models that hold the very bytes that were hashed. */
@NullMarked
package dev.modelsigning.internal.copy;

import org.jspecify.annotations.NullMarked;
