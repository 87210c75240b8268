package dev.modelsigning.policy.internal.rules;

import dev.modelsigning.policy.problem.Place;
import java.util.List;

/**
 * Who must have signed a model.
 *
 * @param place where it is
 * @param of the names of the signers that count, without duplicates
 * @param atLeast how many of them must have signed, from 1
 * @param mustInclude those of them that must have signed in any case
 */
public record SignatureRule(Place place, List<String> of, int atLeast, List<String> mustInclude) {

  /** Copies the lists. */
  public SignatureRule {
    of = List.copyOf(of);
    mustInclude = List.copyOf(mustInclude);
  }
}
