/**
 * Strict JSON (RFC 8259), and escaping of untrusted text for display. Not part of the public API.
 */
@NullMarked
package dev.modelsigning.internal.json;

import org.jspecify.annotations.NullMarked;
