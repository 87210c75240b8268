/** Hash functions, and the engine that hashes many files at once. Not for users of the library. */
@NullMarked
package dev.modelsigning.internal.hash;

import org.jspecify.annotations.NullMarked;
