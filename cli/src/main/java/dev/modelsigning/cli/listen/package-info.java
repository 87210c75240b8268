/** How requests arrive at a server that anybody can reach. */
@NullMarked
package dev.modelsigning.cli.listen;

import org.jspecify.annotations.NullMarked;
