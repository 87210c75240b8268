package dev.modelsigning.policy.internal.tree;

import dev.modelsigning.policy.problem.MalformedPolicyException;
import dev.modelsigning.policy.problem.Place;

/**
 * What was refused already, such as an alias. Whatever is expected in its place, nothing more is
 * said about it.
 *
 * @param place where it is
 * @param refusal why it was refused
 */
record RefusedNode(Place place, MalformedPolicyException refusal) implements Node {

  @Override
  public String kind() {
    return "nothing";
  }
}
