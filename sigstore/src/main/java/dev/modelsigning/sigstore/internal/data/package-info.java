/** What the other rooms are made of: fields of JSON that somebody else wrote, PEM, SHA-256. */
@NullMarked
package dev.modelsigning.sigstore.internal.data;

import org.jspecify.annotations.NullMarked;
