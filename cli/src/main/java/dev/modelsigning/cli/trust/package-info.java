/** Whom to trust: the options of all who sign or verify with the help of services. */
@NullMarked
package dev.modelsigning.cli.trust;

import org.jspecify.annotations.NullMarked;
