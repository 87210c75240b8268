/**
 * The calls of PKCS #11 modules: {@code Cryptoki} names those that are used, the rest finds the
 * module, loads it and calls it with JNA, in one thread.
 */
@NullMarked
package dev.modelsigning.pkcs11.internal.cryptoki;

import org.jspecify.annotations.NullMarked;
