/**
 * Signing and verifying payloads of any content: the two extension points and their results,
 * signers, times, and failures (OMS 6.7, 6.8, 8.2).
 */
@NullMarked
package dev.modelsigning.signing;

import org.jspecify.annotations.NullMarked;
