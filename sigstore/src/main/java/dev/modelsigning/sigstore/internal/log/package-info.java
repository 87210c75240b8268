/**
 * Logs: inclusion of an entry in a transparency log, its content, and the publication of
 * certificates (RFC 6962, RFC 9162, C2SP tlog-checkpoint).
 */
@NullMarked
package dev.modelsigning.sigstore.internal.log;

import org.jspecify.annotations.NullMarked;
