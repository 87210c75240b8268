package dev.modelsigning.model;

/** What an entry of a model directory is. */
public enum EntryKind {
  /** A regular file, or an allowed link to one. */
  FILE("file"),
  /** A directory. */
  DIRECTORY("directory"),
  /** A symbolic link where links are not allowed. */
  SYMBOLIC_LINK("symbolic link"),
  /** A symbolic link to a directory, which is never followed. */
  DIRECTORY_LINK("symbolic link to a directory"),
  /** A symbolic link that leads nowhere or in a circle. */
  BROKEN_LINK("broken symbolic link"),
  /** A FIFO, a socket, a device. */
  SPECIAL_FILE("special file"),
  /** A directory that cannot be read. */
  UNREADABLE_DIRECTORY("unreadable directory"),
  /** An entry of which not even the type can be read. */
  UNREADABLE_ENTRY("unreadable entry"),
  /** An entry whose name is not UTF-8. */
  UNREPRESENTABLE_NAME("entry whose name is not UTF-8"),
  /** An entry of a store whose name is no canonical path (OMS 6.1.2), such as {@code a//b}. */
  NAME_NOT_CANONICAL("entry whose name is not canonical"),
  /** What lies in a Kubernetes volume in place of a link, or beside the links. */
  NO_LINK_OF_VOLUME("entry that is no link of the volume"),
  /** An entry of the directory behind a Kubernetes volume that programs do not find. */
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
