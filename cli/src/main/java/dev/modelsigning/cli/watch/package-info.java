/** A verification at intervals, and its verdict in a file for whoever started the program. */
@NullMarked
package dev.modelsigning.cli.watch;

import org.jspecify.annotations.NullMarked;
