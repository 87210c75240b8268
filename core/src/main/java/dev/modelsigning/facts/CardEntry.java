package dev.modelsigning.facts;

import java.util.List;

/**
 * Something that a model's card or configuration states about the model. Whoever signed the model
 * states it; nothing of it was checked.
 *
 * @param field what it is about
 * @param values the values, in the order of the file; at most {@link #MAX_VALUES}, each of at most
 *     {@link #MAX_LENGTH} characters. They may hold anything, and are escaped by whoever shows them
 * @param file the file, by its name in the manifest
 */
public record CardEntry(Field field, List<String> values, String file) {

  /** The most values that are kept. */
  public static final int MAX_VALUES = 100;

  /** The most characters of a value that are kept. */
  public static final int MAX_LENGTH = 300;

  /** Copies the list. */
  public CardEntry {
    values = List.copyOf(values);
  }

  /** What is stated, in the order in which it is shown. */
  public enum Field {
    /** An SPDX identifier, or a word of the hub's own such as {@code other}. */
    LICENSE("license", "license"),
    /** Where the text of the licence is, or its name if it is another. */
    LICENSE_NAME("licenseName", "license name"),
    /** The models that it was made from. */
    BASE_MODEL("baseModel", "base model"),
    /** What it was trained with. */
    DATASETS("datasets", "datasets"),
    /** What it is for. */
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

    /** What people are told. */
    public String title() {
      return title;
    }
  }
}
