/**
 * Zip files and compressed streams. This is our own parser, since it must detect what libraries
 * hide: contradictory headers, and entries that only some programs see.
 */
@NullMarked
package dev.modelsigning.content.internal.archive;

import org.jspecify.annotations.NullMarked;
