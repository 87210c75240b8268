/** Small files, read with limits on size and time, and written atomically. */
@NullMarked
package dev.modelsigning.internal.file;

import org.jspecify.annotations.NullMarked;
