/** The build in which a goal runs: its log, its files, and the values of parameters. */
@NullMarked
package dev.modelsigning.maven.build;

import org.jspecify.annotations.NullMarked;
