package dev.modelsigning.predicate;

import java.util.List;

/**
 * A predicate that this library wrote.
 *
 * @param json the predicate, a JSON object, compact
 * @param missing what the minimum elements of its kind ask for and the predicate does not have, in
 *     the order of these elements, for display; empty if they are complete or there are none
 */
public record GeneratedPredicate(String json, List<String> missing) {

  /** Copies the list. */
  public GeneratedPredicate {
    missing = List.copyOf(missing);
  }
}
