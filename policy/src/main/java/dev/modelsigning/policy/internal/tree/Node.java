package dev.modelsigning.policy.internal.tree;

import dev.modelsigning.policy.problem.Place;

/** A value in a policy. */
public sealed interface Node permits MapNode, ListNode, TextNode, RefusedNode {

  /** Where it is. */
  Place place();

  /** What it is, for messages, such as {@code a list}. */
  String kind();
}
