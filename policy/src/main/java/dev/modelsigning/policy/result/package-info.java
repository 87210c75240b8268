/**
 * What a policy found about a model: its requirements, and the signatures and claims that count.
 */
@NullMarked
package dev.modelsigning.policy.result;

import org.jspecify.annotations.NullMarked;
