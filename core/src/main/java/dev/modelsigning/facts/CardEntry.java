package dev.modelsigning.facts;

import java.util.List;

/**
 * A statement of a model's card or configuration about the model. It is asserted by the signer of
 * the model, and was not checked.
 *
 * @param field the subject of the statement
 * @param values the values, in the order of the file; at most {@link #MAX_VALUES}, each of at most
 *     {@link #MAX_LENGTH} characters. They may contain any character, and must be escaped for
 *     display
 * @param file the file, by its name in the manifest
 */
public record CardEntry(Field field, List<String> values, String file) {

  /** The largest number of values that are kept. */
  public static final int MAX_VALUES = 100;

  /** The largest number of characters of a value that are kept. */
  public static final int MAX_LENGTH = 300;

  /** Copies the list. */
  public CardEntry {
    values = List.copyOf(values);
  }

  /** The fields, in the order in which they are shown. */
  public enum Field {
    /** An SPDX identifier, or a word of the model hub such as {@code other}. */
    LICENSE("license", "license"),
    /** The name of a licence without SPDX identifier, or where its text is. */
    LICENSE_NAME("licenseName", "license name"),
    /** The models from which it was derived. */
    BASE_MODEL("baseModel", "base model"),
    /** The data sets with which it was trained. */
    DATASETS("datasets", "datasets"),
    /** The task for which it was made. */
    TASK("task", "task"),
    /** Human languages. */
    LANGUAGE("language", "language"),
    /** The classes that load it. */
    ARCHITECTURE("architecture", "architecture"),
    /** The family of its architecture. */
    MODEL_TYPE("modelType", "model type"),
    /** The library that loads it. */
    LIBRARY("library", "library");

    private final String code;
    private final String title;

    Field(String code, String title) {
      this.code = code;
      this.title = title;
    }

    /** Its name in JSON. */
    public String code() {
      return code;
    }

    /** Its name in texts for people. */
    public String title() {
      return title;
    }
  }
}
