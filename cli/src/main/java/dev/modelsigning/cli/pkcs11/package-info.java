/** Keys on hardware tokens, and the commands that list them. */
@NullMarked
package dev.modelsigning.cli.pkcs11;

import org.jspecify.annotations.NullMarked;
