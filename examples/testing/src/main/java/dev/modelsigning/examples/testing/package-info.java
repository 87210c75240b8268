/** What the tests of the examples share: models to sign and to change, and JVMs to run them in. */
@NullMarked
package dev.modelsigning.examples.testing;

import org.jspecify.annotations.NullMarked;
