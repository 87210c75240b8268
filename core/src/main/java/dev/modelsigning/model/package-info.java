/**
 * The canonical form of a model (OMS 5.2, 6.1 to 6.5, 8.4): which files belong to it, their
 * digests, and how a directory compares with a signed list.
 */
@NullMarked
package dev.modelsigning.model;

import org.jspecify.annotations.NullMarked;
