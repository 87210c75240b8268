/** Private keys wherever they are kept, and the passwords that they ask for. */
@NullMarked
package dev.modelsigning.signingkey;

import org.jspecify.annotations.NullMarked;
