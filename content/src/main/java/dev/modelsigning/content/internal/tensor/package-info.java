/**
 * Reads the headers of files that hold tensors: safetensors, and GGUF in its versions 2 and 3.
 * Headers are checked against the file, and there are limits on what is read and kept.
 */
@NullMarked
package dev.modelsigning.content.internal.tensor;

import org.jspecify.annotations.NullMarked;
