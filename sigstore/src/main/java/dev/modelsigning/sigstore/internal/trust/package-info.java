/**
 * Whom verification trusts, and when: authorities and logs of a trusted root, the certificates of
 * signers, and the repository that trusted roots come from (TUF).
 */
@NullMarked
package dev.modelsigning.sigstore.internal.trust;

import org.jspecify.annotations.NullMarked;
