/**
 * Files with keys, certificates and revocation lists, as openssl and keytool write them: PEM (RFC
 * 7468), DER, PKCS #12 and JKS.
 */
@NullMarked
package dev.modelsigning.internal.keyfile;

import org.jspecify.annotations.NullMarked;
