package dev.modelsigning.content.internal.found;

import java.util.Optional;

/** Knows who reads a part of a file. */
@FunctionalInterface
public interface PartReaders {

  /** What reads it, or empty if it is of no interest. */
  Optional<PartReader> of(FileStart part);
}
