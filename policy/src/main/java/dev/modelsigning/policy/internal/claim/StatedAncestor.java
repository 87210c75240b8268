package dev.modelsigning.policy.internal.claim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A base model or dataset, as an attestation states it.
 *
 * @param name its name
 * @param rootDigest its root digest, SHA-256 in lower-case hexadecimal, if it is stated
 * @param content the object that states it
 */
record StatedAncestor(String name, Optional<String> rootDigest, JsonTree content) {

  private static final String ROOT_DIGEST = "dev.modelsigning:oms:root-digest";

  /** The reader of JSON accepts no deeper documents. */
  private static final int MAX_DEPTH = 1_000;

  private static final Pattern DIGEST = Pattern.compile("(?:sha256:)?([0-9a-f]{64})");

  /** The base models in a bill of materials or provenance. */
  static List<StatedAncestor> baseModels(JsonTree predicate) {
    return Stream.concat(
            predicate
                .items("metadata", "component", "pedigree", "ancestors")
                .map(StatedAncestor::component),
            dependencies(predicate, "base-model"))
        .toList();
  }

  /** The datasets in a bill of materials or provenance. */
  static List<StatedAncestor> datasets(JsonTree predicate) {
    List<StatedAncestor> all = new ArrayList<>();
    List<JsonTree> components = new ArrayList<>();
    nested(predicate, 0, components);
    predicate.get("metadata", "component").ifPresent(model -> nested(model, 0, components));
    Set<String> references = new HashSet<>();
    for (JsonTree one : components) {
      if (one.text("type").map(type -> type.equals("data")).orElse(false)) {
        all.add(component(one));
        one.text("bom-ref").ifPresent(references::add);
      }
    }
    // A model card has them by reference, or in place. What refers to nothing states nothing.
    predicate
        .items("metadata", "component", "modelCard", "modelParameters", "datasets")
        .filter(
            one -> one.hasOther("ref") || !one.text("ref").map(references::contains).orElse(false))
        .map(StatedAncestor::component)
        .forEach(all::add);
    dependencies(predicate, "dataset").forEach(all::add);
    return all;
  }

  private static void nested(JsonTree parent, int depth, List<JsonTree> all) {
    if (depth > MAX_DEPTH) {
      return;
    }
    parent
        .items("components")
        .forEach(one -> {
          all.add(one);
          nested(one, depth + 1, all);
        });
  }

  /**
   * The name of a dependency in provenance of which nothing says what it is, other than sources by
   * their commit: it may be a base model or a dataset.
   */
  static Optional<String> withoutRole(JsonTree predicate) {
    return predicate
        .items("buildDefinition", "resolvedDependencies")
        .filter(one ->
            one.text("annotations", "dev.modelsigning/role").isEmpty()
                && one.text("digest", "gitCommit").isEmpty())
        .map(one -> one.text("name").or(() -> one.text("uri")).orElse("not named"))
        .findFirst();
  }

  private static Stream<StatedAncestor> dependencies(JsonTree predicate, String role) {
    return predicate
        .items("buildDefinition", "resolvedDependencies")
        .filter(one -> one.text("annotations", "dev.modelsigning/role").equals(Optional.of(role)))
        .map(one ->
            new StatedAncestor(
                one.text("name").or(() -> one.text("uri")).orElse("not named"),
                one.text("digest", "sha256").flatMap(StatedAncestor::digest),
                one));
  }

  private static StatedAncestor component(JsonTree component) {
    return new StatedAncestor(
        component.text("name").orElse("not named"),
        component.property(ROOT_DIGEST).flatMap(StatedAncestor::digest),
        component);
  }

  private static Optional<String> digest(String text) {
    Matcher matcher = DIGEST.matcher(text);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /**
   * Whether it is stated to have no sensitive data: each description of its data has such a list,
   * and it is empty or says none.
   */
  boolean hasNoSensitiveData() {
    List<JsonTree> described =
        content.get("data").filter(JsonTree::isList).isPresent()
            ? content.items("data").toList()
            : List.of(content);
    return !described.isEmpty()
        && described.stream()
            .allMatch(one ->
                one.get("sensitiveData").filter(JsonTree::isList).isPresent()
                    && one.items("sensitiveData")
                        .allMatch(item ->
                            item.text()
                                .map(text -> text.toLowerCase(Locale.ROOT).equals("none"))
                                .orElse(false)));
  }
}
