/** Manual pages as roff source, generated from the declarations of commands. */
@NullMarked
package dev.modelsigning.man;

import org.jspecify.annotations.NullMarked;
