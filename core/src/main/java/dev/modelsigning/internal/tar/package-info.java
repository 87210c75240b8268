/** Tar archives, read strictly and in bounded memory: what programs read differently is refused. */
@NullMarked
package dev.modelsigning.internal.tar;

import org.jspecify.annotations.NullMarked;
