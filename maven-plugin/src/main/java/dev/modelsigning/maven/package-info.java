/**
 * The Maven plugin: goals that sign and verify models by the library, and say in a build what came
 * out. What a user configures is described in {@code docs/maven.md}.
 */
@NullMarked
package dev.modelsigning.maven;

import org.jspecify.annotations.NullMarked;
