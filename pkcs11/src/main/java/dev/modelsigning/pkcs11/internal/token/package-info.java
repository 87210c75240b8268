/**
 * Tokens and their keys, based on the calls in {@code Cryptoki}, which tests can replace: finding
 * the key that a URI names, logging in, signing.
 */
@NullMarked
package dev.modelsigning.pkcs11.internal.token;

import org.jspecify.annotations.NullMarked;
