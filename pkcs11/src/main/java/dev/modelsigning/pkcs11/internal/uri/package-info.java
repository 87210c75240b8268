/** PKCS #11 URIs (RFC 7512): which key on which token, and how to get at it. */
@NullMarked
package dev.modelsigning.pkcs11.internal.uri;

import org.jspecify.annotations.NullMarked;
