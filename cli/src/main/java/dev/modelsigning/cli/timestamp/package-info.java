/** The commands for time stamps of signatures that exist. */
@NullMarked
package dev.modelsigning.cli.timestamp;

import org.jspecify.annotations.NullMarked;
