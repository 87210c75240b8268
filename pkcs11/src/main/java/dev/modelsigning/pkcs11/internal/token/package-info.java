/**
 * Tokens and the keys on them, above the calls of {@code Cryptoki}, which tests fake: finding the
 * one that a URI names, logging in, signing.
 */
@NullMarked
package dev.modelsigning.pkcs11.internal.token;

import org.jspecify.annotations.NullMarked;
