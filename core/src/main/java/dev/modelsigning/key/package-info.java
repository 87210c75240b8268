/** The signing method {@code key}: a pair of elliptic-curve keys (OMS 4.1). */
@NullMarked
package dev.modelsigning.key;

import org.jspecify.annotations.NullMarked;
