/** Small files, read within bounds of size and time, and written whole or not at all. */
@NullMarked
package dev.modelsigning.internal.file;

import org.jspecify.annotations.NullMarked;
