package dev.modelsigning.model;

/**
 * Which version of a file was found: its times and its identity, or what a store calls the version
 * of an object. Two are compared by {@code equals}; the text is only shown.
 */
public interface Version {

  /** As people are shown it. */
  @Override
  String toString();

  @Override
  boolean equals(Object other);

  @Override
  int hashCode();
}
