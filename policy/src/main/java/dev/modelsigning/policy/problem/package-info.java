/** What is wrong with a policy, and where. */
@NullMarked
package dev.modelsigning.policy.problem;

import org.jspecify.annotations.NullMarked;
