/**
 * Trusted time: RFC 3161 time stamps over the signature of a bundle, by which a signature outlives
 * the certificate that made it.
 */
@NullMarked
package dev.modelsigning.timestamp;

import org.jspecify.annotations.NullMarked;
