/** How to load exactly what was verified into Spring AI. */
@NullMarked
package dev.modelsigning.examples.springai;

import org.jspecify.annotations.NullMarked;
