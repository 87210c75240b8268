package dev.modelsigning.policy.internal.tree;

import dev.modelsigning.policy.problem.Place;

/**
 * A text, number or truth value.
 *
 * @param place where it is
 * @param text the text
 * @param quoted whether it is in quotation marks, so that it can only be a text
 */
public record TextNode(Place place, String text, boolean quoted) implements Node {

  @Override
  public String kind() {
    return "a text";
  }
}
