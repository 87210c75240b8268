/** The signing methods as configuration elements: how to sign, and whom to trust. */
@NullMarked
package dev.modelsigning.maven.method;

import org.jspecify.annotations.NullMarked;
