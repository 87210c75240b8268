/** Manual pages in the language of roff, made from what commands say of themselves. */
@NullMarked
package dev.modelsigning.man;

import org.jspecify.annotations.NullMarked;
