/**
 * Runs of builds, as the environment of a build platform describes them, and checks of what is
 * published of it.
 */
@NullMarked
package dev.modelsigning.internal.build;

import org.jspecify.annotations.NullMarked;
