/**
 * The content of a model from any source (OMS 6.1, 6.2): sources, their entries, which of these
 * belong to the model, and digests with the evidence for them.
 */
@NullMarked
package dev.modelsigning.model;

import org.jspecify.annotations.NullMarked;
