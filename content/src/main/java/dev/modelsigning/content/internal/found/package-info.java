/** What all readers share: the file to read, and the collection of facts. */
@NullMarked
package dev.modelsigning.content.internal.found;

import org.jspecify.annotations.NullMarked;
