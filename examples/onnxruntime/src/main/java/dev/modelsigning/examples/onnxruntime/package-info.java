/** How to load exactly what was verified into ONNX Runtime. */
@NullMarked
package dev.modelsigning.examples.onnxruntime;

import org.jspecify.annotations.NullMarked;
