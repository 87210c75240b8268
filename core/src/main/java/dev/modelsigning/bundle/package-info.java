/**
 * What is signed and how it is stored: in-toto statement, DSSE envelope and Sigstore bundle (OMS 4,
 * 5, 6.6 to 6.8, 8.1, 8.3).
 */
@NullMarked
package dev.modelsigning.bundle;

import org.jspecify.annotations.NullMarked;
