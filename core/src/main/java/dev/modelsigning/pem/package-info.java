/**
 * Files with keys, certificates and revocation lists, as openssl and others write them: PEM (RFC
 * 7468) and DER.
 */
@NullMarked
package dev.modelsigning.pem;

import org.jspecify.annotations.NullMarked;
