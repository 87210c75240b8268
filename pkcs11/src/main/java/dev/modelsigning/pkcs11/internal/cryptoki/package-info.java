/**
 * Calls of PKCS #11 modules: {@code Cryptoki} declares the functions that are used; the other
 * classes locate and load a module and call it with JNA, in one thread.
 */
@NullMarked
package dev.modelsigning.pkcs11.internal.cryptoki;

import org.jspecify.annotations.NullMarked;
