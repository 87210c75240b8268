/**
 * The signers of a policy: their verifiers, opened when they are needed; who is the same person.
 */
@NullMarked
package dev.modelsigning.policy.internal.signer;

import org.jspecify.annotations.NullMarked;
