/** The options of all commands that hash: which model, what belongs to it, and how it is hashed. */
@NullMarked
package dev.modelsigning.cli.model;

import org.jspecify.annotations.NullMarked;
