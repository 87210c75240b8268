package dev.modelsigning.model;

/**
 * How a digest was come by. Only what was read here was seen; whoever takes another one believes
 * somebody, and the verdict says whom.
 */
public enum Evidence {
  /** All bytes were read and hashed by this process, or by workers that it gave the work to. */
  READ("read"),
  /** The bytes are stored by this digest, and were fetched or pinned by it. */
  CONTENT_ADDRESSED("stored by this digest"),
  /** The store keeps the digest beside the bytes. */
  STORED_CHECKSUM("checksum of the store"),
  /** An earlier signature lists it, and the file looks as it did then. */
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
