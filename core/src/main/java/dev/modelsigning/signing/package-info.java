/**
 * Signing and verifying payloads, whatever they say: the two extension points, what they hand out,
 * who signed and when, and how both fail (OMS 6.7, 6.8, 8.2).
 */
@NullMarked
package dev.modelsigning.signing;

import org.jspecify.annotations.NullMarked;
