package dev.modelsigning.policy.internal.tree;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of a map. One that is not known is refused, since a rule would not have its effect.
 */
public final class MapFields {

  private final Value map;
  private final Map<String, Value> entries;

  MapFields(Value map, List<String> known) throws MalformedPolicyException {
    this.map = map;
    this.entries = map.entries("a map with " + String.join(", ", known));
    for (Map.Entry<String, Value> entry : entries.entrySet()) {
      if (!known.contains(entry.getKey())) {
        throw entry
            .getValue()
            .refused(
                "unknown field %s%s; fields are %s"
                    .formatted(
                        Printable.quote(entry.getKey()),
                        NearNames.hint(entry.getKey(), known),
                        String.join(", ", known)));
      }
    }
    if (entries.isEmpty()) {
      throw map.refused("expected one of " + String.join(", ", known) + ", found an empty map");
    }
  }

  /** The map. */
  public Value map() {
    return map;
  }

  /** Whether there is a field. */
  public boolean has(String name) {
    return entries.containsKey(name);
  }

  /** A field, if there is one. */
  public Optional<Value> get(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  /** A field that must be there. */
  public Value require(String name) throws MalformedPolicyException {
    Value value = entries.get(name);
    if (value == null) {
      throw map.refused("expected the field '" + name + "', which is missing");
    }
    return value;
  }

  /** The only one of some fields that is there. */
  public Value requireOne(String... names) throws MalformedPolicyException {
    List<Value> found = new ArrayList<>();
    for (String name : names) {
      get(name).ifPresent(found::add);
    }
    if (found.size() != 1) {
      throw map.refused(
          "expected one of %s, found %s"
              .formatted(String.join(", ", names), found.isEmpty() ? "none" : found.size()));
    }
    return found.get(0);
  }

  /** Texts, none if there is no such field. */
  public List<Value> texts(String name) throws MalformedPolicyException {
    Value value = entries.get(name);
    return value == null ? List.of() : value.texts();
  }

  /** A truth value, or another one if there is no such field. */
  public boolean flag(String name, boolean otherwise) throws MalformedPolicyException {
    Value value = entries.get(name);
    return value == null ? otherwise : value.flag();
  }

  /** One of some words, or a meaning if there is no such field. */
  public <T> T word(String name, Map<String, T> words, T otherwise)
      throws MalformedPolicyException {
    Value value = entries.get(name);
    return value == null ? otherwise : value.word(words);
  }
}
