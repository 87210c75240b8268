/**
 * What the machine says about its user: where the user's files are, who can write to a file, and
 * which programs there are. Everything that this program reads or runs without being named on the
 * command line is found here, so that the current directory, which may be a model of a stranger, is
 * never among the places.
 */
@NullMarked
package dev.modelsigning.internal.platform;

import org.jspecify.annotations.NullMarked;
