/** What is pushed to a registry: the files of a model as they were hashed, and their manifest. */
@NullMarked
package dev.modelsigning.oci.internal.push;

import org.jspecify.annotations.NullMarked;
