/** Resolves the parts of a model that are to be verified separately to signed files. */
@NullMarked
package dev.modelsigning.internal.part;

import org.jspecify.annotations.NullMarked;
