package dev.modelsigning.policy.internal.rules;

import java.util.List;

/**
 * The accepted algorithms.
 *
 * @param hash the identifiers of hash algorithms of the manifest, such as {@code sha256}; all that
 *     are supported if empty
 * @param signature the names of signature schemes, such as {@code ECDSA P-256}; all that are
 *     supported if empty
 */
public record AlgorithmRule(List<String> hash, List<String> signature) {

  /** Copies the lists. */
  public AlgorithmRule {
    hash = List.copyOf(hash);
    signature = List.copyOf(signature);
  }
}
