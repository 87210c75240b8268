/** The client for one registry: manifests, blobs, referrers (OCI distribution specification). */
@NullMarked
package dev.modelsigning.oci.internal.registry;

import org.jspecify.annotations.NullMarked;
