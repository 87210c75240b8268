package dev.modelsigning.model;

/**
 * An entry of the model directory that the signature does not cover, and why that is not a failure.
 *
 * @param name its path in the model; a directory stands for everything below it
 * @param kind its kind
 * @param reason the rule by which it is not covered
 */
public record UncoveredEntry(String name, EntryKind kind, Reason reason) {

  /** The rules by which entries are not covered. */
  public enum Reason {
    /** The user named it. */
    IGNORED_BY_USER("ignored on request"),
    /** It is the signature file itself. */
    SIGNATURE_FILE("the signature file"),
    /** The signed manifest names it in {@code ignore_paths}. */
    IGNORED_BY_SIGNER("left out by the signer"),
    /** It belongs to git (OMS 6.2). */
    GIT_PATH("git path, ignored by default"),
    /** It is unsigned, and the user accepts unsigned files (OMS 8.5). */
    UNSIGNED("unsigned, allowed on request"),
    /** It is an empty file, and shards do not list empty files (OMS 6.3.2). */
    EMPTY_FILE("empty file, which shards do not cover"),
    /**
     * It is part of the layout of a Kubernetes volume; the files are covered by the names of the
     * links.
     */
    VOLUME_LAYOUT("layout of the Kubernetes volume, verified through its links");

    private final String description;

    Reason(String description) {
      this.description = description;
    }

    /** A short explanation for people. */
    @Override
    public String toString() {
      return description;
    }
  }
}
