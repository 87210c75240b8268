/**
 * Information about the user and the machine: the user's directories, who can write to a file, and
 * which programs exist. Everything that this program reads or runs without being named on the
 * command line is located here, so that the current directory, which may be an untrusted model, is
 * never searched.
 */
@NullMarked
package dev.modelsigning.internal.platform;

import org.jspecify.annotations.NullMarked;
