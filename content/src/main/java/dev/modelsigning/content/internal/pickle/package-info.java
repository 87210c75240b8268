/**
 * Pickles, read opcode by opcode and never run: which functions and classes loading one calls or
 * imports.
 */
@NullMarked
package dev.modelsigning.content.internal.pickle;

import org.jspecify.annotations.NullMarked;
