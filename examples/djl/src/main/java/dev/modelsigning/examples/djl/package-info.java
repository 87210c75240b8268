/** How to load exactly what was verified into DJL, with its engine for ONNX Runtime. */
@NullMarked
package dev.modelsigning.examples.djl;

import org.jspecify.annotations.NullMarked;
