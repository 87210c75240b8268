/** Reads the statements of a model about itself: the card in its README.md, and its config.json. */
@NullMarked
package dev.modelsigning.content.internal.card;

import org.jspecify.annotations.NullMarked;
