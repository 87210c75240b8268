package dev.modelsigning.model;

import java.io.IOException;
import java.util.Optional;

/**
 * An entry that is neither a directory nor a file that may be hashed.
 *
 * @param name its path in the model, escaped where it cannot be represented
 * @param location where it is, for display
 * @param kind its kind
 * @param failure why it could not be read, if that is the reason
 */
public record IrregularEntry(
    String name, String location, EntryKind kind, Optional<IOException> failure) {

  /** Creates an entry that is irregular because of its kind. */
  public static IrregularEntry of(String name, String location, EntryKind kind) {
    return new IrregularEntry(name, location, kind, Optional.empty());
  }
}
