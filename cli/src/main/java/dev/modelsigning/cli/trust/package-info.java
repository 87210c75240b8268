/** The trust settings of commands that sign or verify with services. */
@NullMarked
package dev.modelsigning.cli.trust;

import org.jspecify.annotations.NullMarked;
