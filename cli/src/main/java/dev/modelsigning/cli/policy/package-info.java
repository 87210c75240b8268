/** The commands about policies: verification by one, and checks of one. */
@NullMarked
package dev.modelsigning.cli.policy;

import org.jspecify.annotations.NullMarked;
