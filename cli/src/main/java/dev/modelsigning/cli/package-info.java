/** The command line: parses arguments, runs the library, shows the verdict. */
@NullMarked
package dev.modelsigning.cli;

import org.jspecify.annotations.NullMarked;
