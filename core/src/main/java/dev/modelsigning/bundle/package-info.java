/** How signatures are stored: payload, DSSE envelope and Sigstore bundle (OMS 4, 6.7, 6.8, 8.1). */
@NullMarked
package dev.modelsigning.bundle;

import org.jspecify.annotations.NullMarked;
