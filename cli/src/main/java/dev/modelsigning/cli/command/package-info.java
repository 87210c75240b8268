/** What every command is, how what was typed is read, and how it is refused. */
@NullMarked
package dev.modelsigning.cli.command;

import org.jspecify.annotations.NullMarked;
