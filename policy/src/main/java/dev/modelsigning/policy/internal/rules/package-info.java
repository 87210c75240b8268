/** What a policy says, with types: signers, and the rules for models. */
@NullMarked
package dev.modelsigning.policy.internal.rules;

import org.jspecify.annotations.NullMarked;
