/** The commands for models in registries that neither sign nor verify. */
@NullMarked
package dev.modelsigning.cli.oci;

import org.jspecify.annotations.NullMarked;
