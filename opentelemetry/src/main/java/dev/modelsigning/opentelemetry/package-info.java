/**
 * Spans of OpenTelemetry for signing and verifying. Only its API is used: without an SDK nothing is
 * recorded. Spans have nothing that is secret, no path, and no message.
 */
@NullMarked
package dev.modelsigning.opentelemetry;

import org.jspecify.annotations.NullMarked;
