/** Decides which signatures and claims count for a model, and whether a rule is met. */
@NullMarked
package dev.modelsigning.policy.internal.check;

import org.jspecify.annotations.NullMarked;
