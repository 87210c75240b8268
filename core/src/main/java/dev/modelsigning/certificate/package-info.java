/**
 * The signing method {@code certificate}: an elliptic-curve key whose X.509 certificate says whose
 * it is (OMS 4.1, 8.2; RFC 5280).
 */
@NullMarked
package dev.modelsigning.certificate;

import org.jspecify.annotations.NullMarked;
