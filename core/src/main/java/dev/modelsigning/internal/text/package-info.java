/** What a text says: names of files in models. Not for users of the library. */
@NullMarked
package dev.modelsigning.internal.text;

import org.jspecify.annotations.NullMarked;
