/**
 * Models and datasets with more files than one statement can list: a set of ordinary signatures
 * over disjoint parts, and an index of them that is signed like a model.
 */
@NullMarked
package dev.modelsigning.split;

import org.jspecify.annotations.NullMarked;
