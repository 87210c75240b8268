/** PKCS #11 URIs (RFC 7512), which identify a key on a token and how to access it. */
@NullMarked
package dev.modelsigning.pkcs11.internal.uri;

import org.jspecify.annotations.NullMarked;
