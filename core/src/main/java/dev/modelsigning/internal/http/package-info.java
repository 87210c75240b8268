/**
 * The one HTTP client: bounds in time and size, retries, redirects, and messages that show no
 * secret.
 */
@NullMarked
package dev.modelsigning.internal.http;

import org.jspecify.annotations.NullMarked;
