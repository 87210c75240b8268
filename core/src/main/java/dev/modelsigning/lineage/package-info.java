/**
 * What claims files say about models and about what these were made from, for display only: nothing
 * is verified here.
 */
@NullMarked
package dev.modelsigning.lineage;

import org.jspecify.annotations.NullMarked;
