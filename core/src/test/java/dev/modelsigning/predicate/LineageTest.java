package dev.modelsigning.predicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.model.Digest;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.predicate.ResolvedDependency.Role;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Which base model or dataset that was given is the one that the card names: where two could be
 * meant, none is, since a digest at the wrong name would be a false statement.
 */
class LineageTest {

  private static ResolvedDependency given(String name, int digest) {
    return new ResolvedDependency(
        Role.BASE_MODEL,
        name,
        Optional.empty(),
        new Digest(HashAlgorithm.SHA256, String.format("%064x", digest)),
        Optional.empty());
  }

  /** Each entry as its name, and the digest that it was joined with, if any. */
  private static List<String> joined(List<String> names, ResolvedDependency... given) {
    return Lineage.of(Role.BASE_MODEL, names, List.of(given)).stream()
        .map(one ->
            one.name()
                + one.resolved()
                    .map(content -> "=" + content.rootDigest().hex().replaceFirst("^0+", ""))
                    .orElse(""))
        .toList();
  }

  @Test
  void joinsTheSameNameWithOrWithoutItsPublisher() {
    assertThat(joined(List.of("base"), given("base", 1))).containsExactly("base=1");
    assertThat(joined(List.of("org/base"), given("base", 1))).containsExactly("org/base=1");
    assertThat(joined(List.of("org/base"), given("org/base", 1))).containsExactly("org/base=1");
  }

  @Test
  void joinsNothingWhereTwoNamesOnTheCardCouldBeMeant() {
    assertThat(joined(List.of("one/base", "two/base"), given("base", 1)))
        .containsExactly("one/base", "two/base", "base=1");
    assertThat(joined(List.of("one/base", "two/base"), given("base", 1), given("base", 2)))
        .containsExactly("one/base", "two/base", "base=1", "base=2");
  }

  @Test
  void joinsNothingWhereTwoDependenciesCouldBeMeant() {
    assertThat(joined(List.of("org/base"), given("base", 1), given("base", 2)))
        .containsExactly("org/base", "base=1", "base=2");
  }

  /** The whole name is meant before a part of another one, in whatever order they stand. */
  @Test
  void prefersTheWholeName() {
    assertThat(joined(List.of("org/base", "base"), given("base", 1)))
        .containsExactly("org/base", "base=1");
    assertThat(joined(List.of("base", "org/base"), given("base", 1)))
        .containsExactly("base=1", "org/base");
    assertThat(joined(List.of("org/base"), given("base", 1), given("org/base", 2)))
        .containsExactly("org/base=2", "base=1");
  }

  @Test
  void joinsNoPartOfAWordAndNoOtherRole() {
    assertThat(joined(List.of("org/database"), given("base", 1)))
        .containsExactly("org/database", "base=1");
    assertThat(Lineage.of(Role.DATASET, List.of("base"), List.of(given("base", 1))))
        .containsExactly(new Lineage("base", Optional.empty()));
  }
}
