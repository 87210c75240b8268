/** What goals need to know of the build they run in: its log, its files, what parameters say. */
@NullMarked
package dev.modelsigning.maven.build;

import org.jspecify.annotations.NullMarked;
