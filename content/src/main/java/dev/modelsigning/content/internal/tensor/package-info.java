/**
 * Reads the headers of files that hold tensors: safetensors, and GGUF in its versions 2 and 3. What
 * a header says is held against the file, and what is read and kept of it is bounded.
 */
@NullMarked
package dev.modelsigning.content.internal.tensor;

import org.jspecify.annotations.NullMarked;
