/**
 * Signing with keys in hardware: tokens, smart cards and security modules with a PKCS #11 module.
 *
 * <p>{@link dev.modelsigning.pkcs11.Pkcs11KeyProvider} opens keys for the methods {@code key} and
 * {@code certificate}, and their verifiers verify the result. A key is named by a {@link
 * dev.modelsigning.pkcs11.Pkcs11Uri}; {@link dev.modelsigning.pkcs11.Pkcs11Tokens} tells which
 * there are. Everything is plain Java above one small interface, {@code Cryptoki}, the calls of a
 * module that are used.
 */
@NullMarked
package dev.modelsigning.pkcs11;

import org.jspecify.annotations.NullMarked;
