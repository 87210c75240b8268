package dev.modelsigning.facts;

import java.util.List;
import java.util.Optional;

/**
 * The tensors that differ between two versions of a file. Names may contain any character, and must
 * be escaped for display.
 *
 * @param file the file, by its path in the model
 * @param problem why the tensors cannot be compared, if one of the files violates its format; the
 *     other components are then without meaning
 * @param total number of tensors in the newer file
 * @param changed those whose type, shape or bytes differ, in the order of the newer file
 * @param added those only in the newer file, in its order
 * @param removed those only in the older file, in its order
 * @param metadata whether other content of the files differs, such as the vocabulary of a tokenizer
 */
public record TensorDifference(
    String file,
    Optional<String> problem,
    long total,
    List<String> changed,
    List<String> added,
    List<String> removed,
    boolean metadata) {

  /** Copies the lists. */
  public TensorDifference {
    changed = List.copyOf(changed);
    added = List.copyOf(added);
    removed = List.copyOf(removed);
  }

  /** Returns a difference that says that the tensors cannot be compared. */
  public static TensorDifference unknown(String file, String problem) {
    return new TensorDifference(
        file, Optional.of(problem), 0, List.of(), List.of(), List.of(), false);
  }

  /** Whether every tensor is the same in both files. */
  public boolean isSame() {
    return problem.isEmpty() && changed.isEmpty() && added.isEmpty() && removed.isEmpty();
  }
}
