package dev.modelsigning.policy.internal.rules;

import dev.modelsigning.policy.problem.Place;
import dev.modelsigning.predicate.PredicateType;
import java.util.List;
import java.util.Optional;

/**
 * What must be attested about a model.
 *
 * @param number its position in the rule, from 0
 * @param place where it is
 * @param type the type of the predicate
 * @param by the names of the signers of whom one must have signed it
 * @param maxAge the largest age of an attestation that counts
 * @param requireNames whether it must bind the names of the files
 * @param conditions what its predicate must say
 */
public record AttestationRule(
    int number,
    Place place,
    PredicateType type,
    List<String> by,
    Optional<Age> maxAge,
    boolean requireNames,
    List<Condition> conditions) {

  /** Copies the lists. */
  public AttestationRule {
    by = List.copyOf(by);
    conditions = List.copyOf(conditions);
  }
}
