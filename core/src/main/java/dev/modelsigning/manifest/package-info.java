/**
 * The canonical form of a model (OMS 5.2, 6.3 to 6.5, 8.4): the list of its files and their
 * digests, how a manifest is computed from a model, and how a model is compared with a signed
 * manifest.
 */
@NullMarked
package dev.modelsigning.manifest;

import org.jspecify.annotations.NullMarked;
