package dev.modelsigning.predicate;

import dev.modelsigning.internal.card.WellFormedText;
import dev.modelsigning.predicate.ResolvedDependency.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A base model or dataset of a model: what the card calls it, and what is known of its content.
 *
 * @param name the name on the card, or else that of its signature or directory
 * @param resolved its content, if it was given
 */
record Lineage(String name, Optional<ResolvedDependency> resolved) {

  /**
   * Joins what the card names with what was given.
   *
   * @param names the names on the card
   */
  static List<Lineage> of(Role role, List<String> names, List<ResolvedDependency> given) {
    List<ResolvedDependency> left =
        new ArrayList<>(given.stream().filter(one -> one.role() == role).toList());
    List<Lineage> all = new ArrayList<>();
    for (String name : names) {
      Optional<ResolvedDependency> same =
          left.stream()
              .filter(one -> name.equals(one.name()) || name.endsWith("/" + one.name()))
              .findFirst();
      same.ifPresent(left::remove);
      all.add(new Lineage(name, same));
    }
    left.forEach(one -> all.add(new Lineage(WellFormedText.of(one.name()), Optional.of(one))));
    return List.copyOf(all);
  }
}
