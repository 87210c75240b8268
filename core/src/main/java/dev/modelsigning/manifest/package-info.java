/**
 * The canonical form of a model (OMS 5.2, 6.3 to 6.5, 8.4): the list of its files and their
 * digests, how a model is hashed into one, and how a model compares with a signed one.
 */
@NullMarked
package dev.modelsigning.manifest;

import org.jspecify.annotations.NullMarked;
