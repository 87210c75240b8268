/** Texts of a manifest: names of files, and digests. Not for users of the library. */
@NullMarked
package dev.modelsigning.internal.text;

import org.jspecify.annotations.NullMarked;
