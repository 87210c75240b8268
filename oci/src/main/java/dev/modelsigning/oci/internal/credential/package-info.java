/**
 * Credentials for registries, from the configurations of docker and podman and from their helpers.
 */
@NullMarked
package dev.modelsigning.oci.internal.credential;

import org.jspecify.annotations.NullMarked;
