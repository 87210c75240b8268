/**
 * Clients for the services of a signature: the certificate authority (Fulcio) and the transparency
 * log (Rekor), and the tokens for their requests. Responses are not verified here.
 */
@NullMarked
package dev.modelsigning.sigstore.internal.service;

import org.jspecify.annotations.NullMarked;
