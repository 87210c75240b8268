/** Help texts and completion scripts, generated from the declarations of commands. */
@NullMarked
package dev.modelsigning.cli.usage;

import org.jspecify.annotations.NullMarked;
