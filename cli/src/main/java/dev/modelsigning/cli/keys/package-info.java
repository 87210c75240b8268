/** Keys, wherever they are kept, their passwords and PINs, and the commands about key files. */
@NullMarked
package dev.modelsigning.cli.keys;

import org.jspecify.annotations.NullMarked;
