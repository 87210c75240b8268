package dev.modelsigning.policy.problem;

import java.io.Serializable;

/**
 * A place in a policy.
 *
 * @param line the line, from 1
 * @param column the column, in code points from 1; 0 if it is not known
 * @param field the path of the value, such as {@code models[0].signatures.at-least}; empty for the
 *     whole policy
 */
public record Place(int line, int column, String field) implements Serializable {

  /** A place whose column is not known. */
  public Place(int line, String field) {
    this(line, 0, field);
  }

  /** The place of a member of a map. */
  public Place member(int atLine, int atColumn, String name) {
    return new Place(atLine, atColumn, field.isEmpty() ? name : field + "." + name);
  }

  /** The place of an item of a list. */
  public Place item(int atLine, int atColumn, int index) {
    return new Place(atLine, atColumn, field + "[" + index + "]");
  }
}
