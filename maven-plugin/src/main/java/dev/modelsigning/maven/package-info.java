/**
 * The Maven plugin: goals that sign and verify models with the library, and report the results in a
 * build. The configuration is described in {@code docs/maven.md}.
 */
@NullMarked
package dev.modelsigning.maven;

import org.jspecify.annotations.NullMarked;
