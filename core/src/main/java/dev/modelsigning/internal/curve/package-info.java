/**
 * Points on the named curves of OMS, and verification of ECDSA, by Bouncy Castle's arithmetic for
 * curves alone. Only public values are computed with: it takes as long as it takes, so no secret
 * belongs here.
 */
@NullMarked
package dev.modelsigning.internal.curve;

import org.jspecify.annotations.NullMarked;
