package dev.modelsigning.predicate;

import dev.modelsigning.internal.card.WellFormedText;
import dev.modelsigning.predicate.ResolvedDependency.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
      // The one with the same name comes before one whose name is the end of it.
      Optional<ResolvedDependency> same =
          Stream.concat(
                  left.stream().filter(one -> name.equals(one.name())),
                  left.stream().filter(one -> isMeantByItsEnd(name, one, names, left)))
              .findFirst();
      same.ifPresent(left::remove);
      all.add(new Lineage(name, same));
    }
    left.forEach(one -> all.add(new Lineage(WellFormedText.of(one.name()), Optional.of(one))));
    return List.copyOf(all);
  }

  /**
   * Whether a name on the card is that of a dependency with the name of its publisher before it, if
   * no other name or dependency could be meant as well.
   */
  private static boolean isMeantByItsEnd(
      String name, ResolvedDependency one, List<String> names, List<ResolvedDependency> left) {
    String end = "/" + one.name();
    return name.endsWith(end)
        && names.stream().filter(other -> other.endsWith(end) || other.equals(one.name())).count()
            == 1
        && left.stream().filter(other -> other.name().equals(one.name())).count() == 1;
  }
}
