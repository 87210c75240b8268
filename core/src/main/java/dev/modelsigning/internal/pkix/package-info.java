/**
 * Certification paths (RFC 5280), validated by the JDK's PKIX machinery, with what it leaves to its
 * callers: the validity and constraints of the trust anchor, and explanations of failures.
 */
@NullMarked
package dev.modelsigning.internal.pkix;

import org.jspecify.annotations.NullMarked;
