/** The commands that verify, one class for each method. */
@NullMarked
package dev.modelsigning.cli.verify;

import org.jspecify.annotations.NullMarked;
