package dev.modelsigning.policy.problem;

/**
 * A place in a policy.
 *
 * @param line the line, from 1
 * @param field the path of the value, such as {@code models[0].signatures.at-least}; empty for the
 *     whole policy
 */
public record Place(int line, String field) {

  /** The place of a member of a map. */
  public Place member(int atLine, String name) {
    return new Place(atLine, field.isEmpty() ? name : field + "." + name);
  }

  /** The place of an item of a list. */
  public Place item(int atLine, int index) {
    return new Place(atLine, field + "[" + index + "]");
  }
}
