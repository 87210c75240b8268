/** What must be attested about a model: verifies claims, and compares what they say with a rule. */
@NullMarked
package dev.modelsigning.policy.internal.claim;

import org.jspecify.annotations.NullMarked;
