package dev.modelsigning.model;

/**
 * An entry of the model directory that the signature does not cover, and why that is no failure.
 *
 * @param name its path in the model; a directory stands for all below it
 * @param kind what it is
 * @param reason by whose rule it is not covered
 */
public record UncoveredEntry(String name, EntryKind kind, Reason reason) {

  /** By whose rule an entry is not covered. */
  public enum Reason {
    /** The user named it. */
    IGNORED_BY_USER("ignored on request"),
    /** It is the signature file itself. */
    SIGNATURE_FILE("the signature file"),
    /** The signed manifest names it in {@code ignore_paths}. */
    IGNORED_BY_SIGNER("left out by the signer"),
    /** It belongs to git (OMS 6.2). */
    GIT_PATH("git path, ignored by default"),
    /** It is unsigned, and the user said that unsigned files do not matter (OMS 8.5). */
    UNSIGNED("unsigned, allowed on request"),
    /** It is an empty file, and shards do not list empty files (OMS 6.3.2). */
    EMPTY_FILE("empty file, which shards do not cover"),
    /**
     * It is how a Kubernetes volume is laid out; the files are covered by the names of its links.
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
