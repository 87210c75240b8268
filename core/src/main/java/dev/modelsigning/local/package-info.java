/** Models that lie in file systems, and digests made by the threads of this process. */
@NullMarked
package dev.modelsigning.local;

import org.jspecify.annotations.NullMarked;
