package dev.modelsigning.policy.internal.claim;

import dev.modelsigning.policy.internal.rules.AttestationRule;
import dev.modelsigning.policy.result.CheckedClaim;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The claims in files, verified: by whom they are, and whether they are about the model.
 *
 * @param claims those that may count
 * @param refused those that count for nothing, with the reason for each; a part of them, if there
 *     are many
 * @param moreRefused how many more of these there are
 * @param unreadable why files cannot be read
 */
record Claims(
    List<Claim> claims, List<Refused> refused, long moreRefused, List<String> unreadable) {

  /** Copies the lists. */
  Claims {
    claims = List.copyOf(claims);
    refused = List.copyOf(refused);
    unreadable = List.copyOf(unreadable);
  }

  /**
   * A claim that counts for nothing.
   *
   * @param shown the claim, with the reason
   * @param maybe the names of those who may have signed it: their trust cannot be used, or their
   *     signature is not valid
   */
  record Refused(CheckedClaim shown, Set<String> maybe) {

    /** How much it may have to do with what is asked for; the least is the most. */
    private int distance(AttestationRule rule) {
      if (!shown.predicateType().isEmpty()) {
        // It was signed by somebody in the policy, and is about another model.
        return rule.type().includes(shown.predicateType()) ? 0 : 3;
      }
      return maybe.stream().anyMatch(rule.by()::contains) ? 1 : 2;
    }
  }

  /**
   * Why there is none that counts: the reason that has most to do with what is asked for, and none
   * about a claim of another type.
   */
  Optional<String> nearest(AttestationRule rule) {
    if (!unreadable.isEmpty()) {
      return Optional.of(unreadable.get(0));
    }
    return refused.stream()
        .filter(one -> one.distance(rule) < 3)
        .min(Comparator.comparingInt(one -> one.distance(rule)))
        .map(one -> one.shown().place() + ": " + one.shown().why());
  }
}
