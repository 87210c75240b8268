/** Keys in any kind of storage, their passwords and PINs, and the commands for key files. */
@NullMarked
package dev.modelsigning.cli.keys;

import org.jspecify.annotations.NullMarked;
