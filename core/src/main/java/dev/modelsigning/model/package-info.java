/**
 * The content of a model, wherever it is (OMS 6.1, 6.2): sources, what they list, which of it
 * belongs to the model, and digests with the word on how they were come by.
 */
@NullMarked
package dev.modelsigning.model;

import org.jspecify.annotations.NullMarked;
