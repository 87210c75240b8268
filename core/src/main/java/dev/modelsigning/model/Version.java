package dev.modelsigning.model;

/**
 * The version of a file: its times and its identity, or the version identifier of an object in a
 * store. Versions are compared with {@code equals}; the text is for display only.
 */
public interface Version {

  /** The text for display. */
  @Override
  String toString();

  @Override
  boolean equals(Object other);

  @Override
  int hashCode();
}
