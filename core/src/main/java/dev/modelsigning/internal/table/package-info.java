/** Names and digests of millions of files without an object for each. */
@NullMarked
package dev.modelsigning.internal.table;

import org.jspecify.annotations.NullMarked;
