/** Models and signatures in object stores. */
@NullMarked
package dev.modelsigning.cli.store;

import org.jspecify.annotations.NullMarked;
