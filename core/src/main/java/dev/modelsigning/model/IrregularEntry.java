package dev.modelsigning.model;

import java.io.IOException;
import java.util.Optional;

/**
 * An entry that is neither a directory nor a file that may be hashed.
 *
 * @param name its path in the model, escaped where it cannot be represented
 * @param location where it is, as people are shown it
 * @param kind what it is
 * @param failure why it could not be read, if that is the matter
 */
public record IrregularEntry(
    String name, String location, EntryKind kind, Optional<IOException> failure) {

  /** An entry that is irregular by what it is. */
  public static IrregularEntry of(String name, String location, EntryKind kind) {
    return new IrregularEntry(name, location, kind, Optional.empty());
  }
}
