package dev.modelsigning.oci.internal.push;

import dev.modelsigning.bundle.Bundle;

/**
 * A bundle that is attached to the model that is pushed.
 *
 * @param source where it comes from, for display: a file, with the line of a claims file
 * @param bundle the bundle, whose signature is not verified
 * @param predicateType the predicate type of its statement
 */
public record PushedBundle(String source, Bundle bundle, String predicateType) {}
