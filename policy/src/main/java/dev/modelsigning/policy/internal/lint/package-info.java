/** What is wrong or unusual in a policy and its trust files, before it decides. */
@NullMarked
package dev.modelsigning.policy.internal.lint;

import org.jspecify.annotations.NullMarked;
