package dev.modelsigning.policy.internal.claim;

import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A predicate whose signer a policy trusts, as maps, lists and texts. Numbers and truth values are
 * kept as they are written. What has another type than expected is as if it were absent, which
 * never meets a condition.
 */
final class JsonTree {

  private static final long MAX_TOKENS = 8_000_000;
  private static final int MAX_MEMBERS = 10_000;

  /** A value that is neither text, nor a map, nor a list. */
  private record Literal(String text) {}

  private final Object value;

  private JsonTree(Object value) {
    this.value = value;
  }

  /**
   * Parses a predicate.
   *
   * @throws MalformedJsonException if it is not JSON with a single interpretation
   */
  static JsonTree parse(String json) throws MalformedJsonException {
    return new JsonTree(
        JsonReader.read(
            "predicate", json.getBytes(StandardCharsets.UTF_8), MAX_TOKENS, JsonTree::read));
  }

  private static Object read(JsonReader json) throws MalformedJsonException {
    json.allowMembers(MAX_MEMBERS);
    if (json.isString()) {
      return json.string();
    }
    if (json.isArray()) {
      List<Object> items = new ArrayList<>();
      json.array(index -> items.add(read(json)));
      return items;
    }
    if (json.isObject()) {
      Map<String, Object> members = new LinkedHashMap<>();
      json.object(name -> members.put(name, read(json)));
      return members;
    }
    return new Literal(json.rawValue());
  }

  /** The member with this path of names, if each is a map that has it. */
  Optional<JsonTree> get(String... names) {
    Object at = value;
    for (String name : names) {
      if (!(at instanceof Map<?, ?> members) || members.get(name) == null) {
        return Optional.empty();
      }
      at = members.get(name);
    }
    return Optional.of(new JsonTree(at));
  }

  /** The items of the list with this path of names; none if there is no such list. */
  Stream<JsonTree> items(String... names) {
    return get(names).filter(JsonTree::isList).stream().flatMap(JsonTree::all);
  }

  private Stream<JsonTree> all() {
    return value instanceof List<?> items ? items.stream().map(JsonTree::new) : Stream.empty();
  }

  /** Whether it is a map with another member than this one. */
  boolean hasOther(String name) {
    return value instanceof Map<?, ?> members
        && members.keySet().stream().anyMatch(each -> !name.equals(each));
  }

  boolean isList() {
    return value instanceof List<?>;
  }

  /** The text with this path of names, if there is one. */
  Optional<String> text(String... names) {
    return get(names)
        .map(found -> found.value)
        .filter(String.class::isInstance)
        .map(String::valueOf);
  }

  /** The text or number with this path of names, if there is one. */
  Optional<String> textOrNumber(String... names) {
    return text(names)
        .or(() ->
            get(names)
                .map(found -> found.value)
                .filter(Literal.class::isInstance)
                .map(found -> ((Literal) found).text()));
  }

  /** The value of the CycloneDX property with this name, in the list {@code properties}. */
  Optional<String> property(String name) {
    return items("properties")
        .filter(one -> one.text("name").equals(Optional.of(name)))
        .findFirst()
        .flatMap(one -> one.text("value"));
  }
}
