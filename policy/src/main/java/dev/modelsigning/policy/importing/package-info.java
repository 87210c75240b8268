/** Translates the policies of other programs to policies of this one. */
@NullMarked
package dev.modelsigning.policy.importing;

import org.jspecify.annotations.NullMarked;
