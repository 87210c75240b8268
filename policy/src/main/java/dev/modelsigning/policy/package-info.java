/**
 * Decides about models by a policy: who must have signed, what must be attested, what is forbidden.
 */
@NullMarked
package dev.modelsigning.policy;

import org.jspecify.annotations.NullMarked;
