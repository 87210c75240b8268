/** Programs in any language: Python, machine code, bytecode, scripts. */
@NullMarked
package dev.modelsigning.content.internal.program;

import org.jspecify.annotations.NullMarked;
