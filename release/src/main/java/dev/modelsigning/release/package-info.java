/**
 * Puts a release together and signs it: {@link dev.modelsigning.release.Release} is run by {@code
 * mvn -Prelease}. Its format is described in {@code docs/release.md}.
 */
@NullMarked
package dev.modelsigning.release;

import org.jspecify.annotations.NullMarked;
