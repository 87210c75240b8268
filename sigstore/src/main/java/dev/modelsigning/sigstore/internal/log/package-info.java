/**
 * Logs: whether an entry is in a transparency log and what it is about, and whether a certificate
 * was published (RFC 6962, RFC 9162, C2SP tlog-checkpoint).
 */
@NullMarked
package dev.modelsigning.sigstore.internal.log;

import org.jspecify.annotations.NullMarked;
