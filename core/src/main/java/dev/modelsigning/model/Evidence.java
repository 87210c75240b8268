package dev.modelsigning.model;

/**
 * The evidence for a digest. Only {@link #READ} means that the bytes were read here; any other
 * digest relies on another party, which the verdict names.
 */
public enum Evidence {
  /** All bytes were read and hashed by this process, or by workers on its behalf. */
  READ("read"),
  /** The bytes are stored under this digest, and were fetched or pinned by it. */
  CONTENT_ADDRESSED("stored by this digest"),
  /** The store keeps the digest as metadata of the bytes. */
  STORED_CHECKSUM("checksum of the store"),
  /** An earlier signature lists it, and the attributes of the file have not changed since. */
  EARLIER_SIGNATURE("from an earlier signature");

  private final String description;

  Evidence(String description) {
    this.description = description;
  }

  /** A short explanation for people. */
  @Override
  public String toString() {
    return description;
  }
}
