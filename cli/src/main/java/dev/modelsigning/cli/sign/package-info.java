/** The commands that sign, one class for each method. */
@NullMarked
package dev.modelsigning.cli.sign;

import org.jspecify.annotations.NullMarked;
