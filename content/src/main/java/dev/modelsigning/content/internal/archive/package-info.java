/**
 * Zip files and compressed streams. A reader of our own, since what libraries hide is what is
 * looked for here: headers that disagree, entries that only some programs see.
 */
@NullMarked
package dev.modelsigning.content.internal.archive;

import org.jspecify.annotations.NullMarked;
