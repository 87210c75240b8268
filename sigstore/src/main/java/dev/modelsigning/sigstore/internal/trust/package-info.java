/**
 * Trust: authorities and logs of a trusted root with their validity, the certificates of signers,
 * and the TUF repository of trusted roots.
 */
@NullMarked
package dev.modelsigning.sigstore.internal.trust;

import org.jspecify.annotations.NullMarked;
