/** Manifests and indexes of the OCI image specification, read with limits. */
@NullMarked
package dev.modelsigning.oci.internal.image;

import org.jspecify.annotations.NullMarked;
