package dev.modelsigning.model;

/** The kind of an entry of a model directory. */
public enum EntryKind {
  /** A regular file, or an allowed link to one. */
  FILE("file"),
  /** A directory. */
  DIRECTORY("directory"),
  /** A symbolic link where links are not allowed. */
  SYMBOLIC_LINK("symbolic link"),
  /** A symbolic link to a directory, which is never followed. */
  DIRECTORY_LINK("symbolic link to a directory"),
  /** A symbolic link without a target, or a circular one. */
  BROKEN_LINK("broken symbolic link"),
  /** A FIFO, a socket or a device. */
  SPECIAL_FILE("special file"),
  /** A directory that cannot be read. */
  UNREADABLE_DIRECTORY("unreadable directory"),
  /** An entry whose type cannot be read. */
  UNREADABLE_ENTRY("unreadable entry"),
  /** An entry whose name is not UTF-8. */
  UNREPRESENTABLE_NAME("entry whose name is not UTF-8"),
  /** An entry of a store whose name is not a canonical path (OMS 6.1.2), such as {@code a//b}. */
  NAME_NOT_CANONICAL("entry whose name is not canonical"),
  /** An entry of a Kubernetes volume where there should be a link, or next to the links. */
  NO_LINK_OF_VOLUME("entry that is no link of the volume"),
  /**
   * An entry of the directory behind a Kubernetes volume that programs do not find through a link.
   */
  NOT_LINKED_IN_VOLUME("entry that no link of the volume leads to");

  private final String description;

  EntryKind(String description) {
    this.description = description;
  }

  /** A short name for people. */
  @Override
  public String toString() {
    return description;
  }
}
