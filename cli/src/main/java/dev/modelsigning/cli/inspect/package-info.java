/** The commands that only look: at a signature, at a model. */
@NullMarked
package dev.modelsigning.cli.inspect;

import org.jspecify.annotations.NullMarked;
