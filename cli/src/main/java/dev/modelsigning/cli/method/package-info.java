/** The ways to sign, with the options of each, for all commands that sign. */
@NullMarked
package dev.modelsigning.cli.method;

import org.jspecify.annotations.NullMarked;
