/**
 * Pickles, read opcode by opcode and never run: which functions and classes are called or imported
 * when one is loaded.
 */
@NullMarked
package dev.modelsigning.content.internal.pickle;

import org.jspecify.annotations.NullMarked;
