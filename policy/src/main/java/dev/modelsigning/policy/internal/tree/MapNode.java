package dev.modelsigning.policy.internal.tree;

import dev.modelsigning.policy.problem.Place;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A map.
 *
 * @param place where it is
 * @param entries the values by their names, in the order of the file
 */
public record MapNode(Place place, Map<String, Node> entries) implements Node {

  /** Copies the entries and keeps their order. */
  public MapNode {
    entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  @Override
  public String kind() {
    return "a map";
  }
}
