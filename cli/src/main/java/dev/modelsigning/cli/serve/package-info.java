/** Servers: the webhook that admits pods to a cluster. */
@NullMarked
package dev.modelsigning.cli.serve;

import org.jspecify.annotations.NullMarked;
