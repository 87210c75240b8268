/** Basic parts: fields of untrusted JSON, PEM, SHA-256. */
@NullMarked
package dev.modelsigning.sigstore.internal.data;

import org.jspecify.annotations.NullMarked;
