/** Where commands print and ask: what is printed can neither steer a terminal nor show a secret. */
@NullMarked
package dev.modelsigning.cli.output;

import org.jspecify.annotations.NullMarked;
