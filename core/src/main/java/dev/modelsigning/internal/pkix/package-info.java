/**
 * Certification paths (RFC 5280), validated by the JDK's PKIX machinery, with what it leaves to its
 * callers: the anchor's own validity and constraints, and words for what is wrong.
 */
@NullMarked
package dev.modelsigning.internal.pkix;

import org.jspecify.annotations.NullMarked;
