package dev.modelsigning.report;

import java.util.List;

/**
 * An item of information without judgement, such as the signer.
 *
 * @param label the label for display
 * @param values one or several lines; untrusted text in them is not escaped, which the caller must
 *     do for display
 */
public record Fact(String label, List<String> values) {

  /** Copies the list. */
  public Fact {
    values = List.copyOf(values);
  }
}
