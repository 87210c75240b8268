/** Which model, what belongs to it, and how it is hashed: the options of all that hash. */
@NullMarked
package dev.modelsigning.cli.model;

import org.jspecify.annotations.NullMarked;
