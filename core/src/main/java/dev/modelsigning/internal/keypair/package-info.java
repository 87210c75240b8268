/** Pairs of keys in memory, which sign. */
@NullMarked
package dev.modelsigning.internal.keypair;

import org.jspecify.annotations.NullMarked;
