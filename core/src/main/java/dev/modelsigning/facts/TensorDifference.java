package dev.modelsigning.facts;

import java.util.List;
import java.util.Optional;

/**
 * Which tensors of a file are others than before. Names may hold anything, and are escaped by
 * whoever shows them.
 *
 * @param file the file, by its path in the model
 * @param problem why that cannot be said, as one of the files is not what its format asks for; all
 *     else says nothing then
 * @param total number of tensors in the newer file
 * @param changed those of which type, shape or bytes are others, in the order of the newer file
 * @param added those that only the newer file has, in its order
 * @param removed those that only the older file has, in its order
 * @param metadata whether what the files say besides, such as the words of a tokenizer, is another
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

  /** The tensors cannot be compared. */
  public static TensorDifference unknown(String file, String problem) {
    return new TensorDifference(
        file, Optional.of(problem), 0, List.of(), List.of(), List.of(), false);
  }

  /** Whether every tensor is the same in both files. */
  public boolean isSame() {
    return problem.isEmpty() && changed.isEmpty() && added.isEmpty() && removed.isEmpty();
  }
}
