package dev.modelsigning.policy.internal.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
    predicate
        .items("components")
        .filter(one -> one.text("type").map(type -> type.equals("data")).orElse(false))
        .map(StatedAncestor::component)
        .forEach(all::add);
    // A model card has them by reference, or in place.
    predicate
        .items("metadata", "component", "modelCard", "modelParameters", "datasets")
        .filter(one -> one.get("ref").isEmpty())
        .map(StatedAncestor::component)
        .forEach(all::add);
    dependencies(predicate, "dataset").forEach(all::add);
    return all;
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
