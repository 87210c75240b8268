/** Keys on hardware tokens, and the commands that look at these. */
@NullMarked
package dev.modelsigning.cli.pkcs11;

import org.jspecify.annotations.NullMarked;
