/** Models in file systems, and digests computed by the threads of this process. */
@NullMarked
package dev.modelsigning.local;

import org.jspecify.annotations.NullMarked;
