/** The commands that verify, a class for each method. */
@NullMarked
package dev.modelsigning.cli.verify;

import org.jspecify.annotations.NullMarked;
