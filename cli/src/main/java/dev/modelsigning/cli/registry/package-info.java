/** Models in registries, for the commands that sign and verify them. */
@NullMarked
package dev.modelsigning.cli.registry;

import org.jspecify.annotations.NullMarked;
