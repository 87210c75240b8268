/** Names of what is in OCI registries, and digests of it. */
@NullMarked
package dev.modelsigning.oci.reference;

import org.jspecify.annotations.NullMarked;
