/** The commands that only read: a signature, or a model. */
@NullMarked
package dev.modelsigning.cli.inspect;

import org.jspecify.annotations.NullMarked;
