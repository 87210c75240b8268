/** Messages of Sigstore's Protocol Buffers, as far as trust needs them, read from their JSON. */
@NullMarked
package dev.modelsigning.sigstore.internal.message;

import org.jspecify.annotations.NullMarked;
