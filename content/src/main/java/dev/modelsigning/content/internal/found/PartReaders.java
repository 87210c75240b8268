package dev.modelsigning.content.internal.found;

import java.util.Optional;

/** Provides the reader for a part of a file. */
@FunctionalInterface
public interface PartReaders {

  /** Returns the reader, or empty if the part is not of interest. */
  Optional<PartReader> of(FileStart part);
}
