/** Strict JSON (RFC 8259), and text that is safe to show. Not for users of the library. */
@NullMarked
package dev.modelsigning.internal.json;

import org.jspecify.annotations.NullMarked;
