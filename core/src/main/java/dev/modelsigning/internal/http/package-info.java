/**
 * The single HTTP client: time-outs, size limits, retries, redirects, and messages without secrets.
 */
@NullMarked
package dev.modelsigning.internal.http;

import org.jspecify.annotations.NullMarked;
