/**
 * Builds the packages. Start reading at {@link dev.modelsigning.dist.Packages}, the program that
 * Maven runs.
 */
@NullMarked
package dev.modelsigning.dist;

import org.jspecify.annotations.NullMarked;
