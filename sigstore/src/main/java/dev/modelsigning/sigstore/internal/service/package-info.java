/**
 * The services that sign together: the certificate authority (Fulcio) and the transparency log
 * (Rekor), and the tokens that they are asked with. What they answer is not verified here.
 */
@NullMarked
package dev.modelsigning.sigstore.internal.service;

import org.jspecify.annotations.NullMarked;
