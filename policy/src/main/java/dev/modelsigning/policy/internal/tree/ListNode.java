package dev.modelsigning.policy.internal.tree;

import dev.modelsigning.policy.problem.Place;
import java.util.List;

/**
 * A list.
 *
 * @param place where it is
 * @param items the values
 */
public record ListNode(Place place, List<Node> items) implements Node {

  /** Copies the items. */
  public ListNode {
    items = List.copyOf(items);
  }

  @Override
  public String kind() {
    return "a list";
  }
}
