/** The methods as elements of a configuration: how to sign, whom to trust. */
@NullMarked
package dev.modelsigning.maven.method;

import org.jspecify.annotations.NullMarked;
