/** What all readers have in common: the file that they are asked about, and what they find. */
@NullMarked
package dev.modelsigning.content.internal.found;

import org.jspecify.annotations.NullMarked;
