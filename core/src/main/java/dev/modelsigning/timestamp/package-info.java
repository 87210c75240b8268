/**
 * Trusted time: RFC 3161 time stamps over the signature of a bundle, with which a signature can be
 * verified after its certificate has expired.
 */
@NullMarked
package dev.modelsigning.timestamp;

import org.jspecify.annotations.NullMarked;
