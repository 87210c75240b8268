/** Texts in a manifest: names of files, and digests. Not part of the public API. */
@NullMarked
package dev.modelsigning.internal.text;

import org.jspecify.annotations.NullMarked;
