package dev.modelsigning.report;

import java.util.List;

/**
 * Something to know that is neither good nor bad, such as who signed.
 *
 * @param label what it is, in words
 * @param values one or several lines; text from outside is in them as it is, and is escaped by
 *     whoever shows it
 */
public record Fact(String label, List<String> values) {

  /** Copies the list. */
  public Fact {
    values = List.copyOf(values);
  }
}
