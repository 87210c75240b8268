/**
 * Looks into the files of a model: {@link dev.modelsigning.content.ModelContents} is what verifiers
 * are given. Nothing that it reads is run, and all of it is bounded, since whoever published the
 * model may be an attacker.
 */
@NullMarked
package dev.modelsigning.content;

import org.jspecify.annotations.NullMarked;
