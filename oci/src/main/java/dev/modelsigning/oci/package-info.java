/** Models in OCI registries: signed where they are, with signatures that travel with them. */
@NullMarked
package dev.modelsigning.oci;

import org.jspecify.annotations.NullMarked;
