/** What is written about commands, made from what they say of themselves: help and completion. */
@NullMarked
package dev.modelsigning.cli.usage;

import org.jspecify.annotations.NullMarked;
