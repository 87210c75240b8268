/** Keys, wherever they are kept, their passwords and PINs, and the command that makes some. */
@NullMarked
package dev.modelsigning.cli.keys;

import org.jspecify.annotations.NullMarked;
