package dev.modelsigning.lineage;

import java.util.Optional;

/**
 * A model or dataset that a claim names as one from which the model was made.
 *
 * @param kind what it was for the model
 * @param name its name, or its URI if it has no name
 * @param rootDigest its OMS root digest, 64 lower-case hexadecimal digits; empty if the claim has
 *     none
 */
public record Ancestor(Kind kind, String name, Optional<String> rootDigest) {

  /** What it was for the model. */
  public enum Kind {
    /** The model from which it was derived. */
    BASE_MODEL("base model"),
    /** A dataset with which it was trained or tested. */
    DATASET("dataset");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    /** Its name in texts for people. */
    public String title() {
      return title;
    }
  }
}
