/**
 * The signing method {@code sigstore}: keyless signatures (OMS 4.1). A signer proves an identity to
 * a certificate authority, which certifies a key that lives for minutes; a public log records the
 * signature.
 *
 * <p>{@link dev.modelsigning.sigstore.SigstoreVerifier} verifies, offline, by a {@link
 * dev.modelsigning.sigstore.TrustedRoot} and an {@link dev.modelsigning.sigstore.IdentityPolicy}.
 */
@NullMarked
package dev.modelsigning.sigstore;

import org.jspecify.annotations.NullMarked;
