/**
 * Attestations: statements that somebody signed about exactly the files of a model, such as its
 * provenance, its licences or its tests, and the files in which they are kept.
 */
@NullMarked
package dev.modelsigning.attestation;

import org.jspecify.annotations.NullMarked;
