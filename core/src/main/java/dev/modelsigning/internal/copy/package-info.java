/** Copies of models with exactly the bytes that were hashed. */
@NullMarked
package dev.modelsigning.internal.copy;

import org.jspecify.annotations.NullMarked;
