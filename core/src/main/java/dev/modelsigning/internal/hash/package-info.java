/** Hash functions: SHA-256 of the JDK, BLAKE2b and BLAKE3. Not for users of the library. */
@NullMarked
package dev.modelsigning.internal.hash;

import org.jspecify.annotations.NullMarked;
