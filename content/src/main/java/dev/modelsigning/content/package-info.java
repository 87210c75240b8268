/**
 * Inspects the files of a model: {@link dev.modelsigning.content.ModelContents} is the inspector
 * for verifiers. Nothing that it reads is run, and its use of memory and time is limited, since the
 * publisher of the model may be an attacker.
 */
@NullMarked
package dev.modelsigning.content;

import org.jspecify.annotations.NullMarked;
