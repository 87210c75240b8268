/**
 * Files with keys, certificates and CRLs, as written by openssl and keytool: PEM (RFC 7468), DER,
 * PKCS #12 and JKS.
 */
@NullMarked
package dev.modelsigning.internal.keyfile;

import org.jspecify.annotations.NullMarked;
