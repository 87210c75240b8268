package dev.modelsigning.policy.internal.claim;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which signers of the policy signed which other models and datasets, by root digest: from
 * signature files that were verified, and that are about something else than the model.
 */
public final class SignedAncestors {

  private final Map<String, Set<String>> signers = new LinkedHashMap<>();

  /**
   * Adds a verified signature.
   *
   * @param rootDigest SHA-256 in lower-case hexadecimal
   * @param names the names of its signers in the policy
   */
  public void add(String rootDigest, Collection<String> names) {
    signers.computeIfAbsent(rootDigest, digest -> new LinkedHashSet<>()).addAll(names);
  }

  /** One of these signers who signed the model or dataset with this root digest. */
  Optional<String> signedBy(String rootDigest, Collection<String> names) {
    return signers.getOrDefault(rootDigest, Set.of()).stream().filter(names::contains).findFirst();
  }
}
