/**
 * Builds what is installed. {@link dev.modelsigning.dist.Packages} is the program that Maven runs,
 * and the place to start reading.
 */
@NullMarked
package dev.modelsigning.dist;

import org.jspecify.annotations.NullMarked;
