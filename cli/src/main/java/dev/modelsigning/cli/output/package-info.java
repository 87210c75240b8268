/**
 * Output and questions of commands; output can neither control a terminal nor disclose a secret.
 */
@NullMarked
package dev.modelsigning.cli.output;

import org.jspecify.annotations.NullMarked;
