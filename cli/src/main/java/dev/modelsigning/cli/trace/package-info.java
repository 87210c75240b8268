/** Spans of commands, for those who trace what a program does. */
@NullMarked
package dev.modelsigning.cli.trace;

import org.jspecify.annotations.NullMarked;
