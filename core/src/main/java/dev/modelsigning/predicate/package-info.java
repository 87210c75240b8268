/**
 * Predicates of attestations about a model: their types and forms, and the two that this library
 * writes itself, a bill of materials (CycloneDX) and provenance (SLSA).
 *
 * <p>What a predicate says is asserted by the signer of the attestation. A form is checked so that
 * nobody signs what others cannot read; it says nothing about truth.
 */
@NullMarked
package dev.modelsigning.predicate;

import org.jspecify.annotations.NullMarked;
