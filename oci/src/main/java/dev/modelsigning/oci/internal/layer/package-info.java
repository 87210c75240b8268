/** The files of a model in the layers of a manifest, by the conventions of several programs. */
@NullMarked
package dev.modelsigning.oci.internal.layer;

import org.jspecify.annotations.NullMarked;
