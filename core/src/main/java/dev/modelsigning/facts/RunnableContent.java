package dev.modelsigning.facts;

import java.util.List;
import java.util.Optional;

/**
 * Content that can run when a model is loaded.
 *
 * @param file the file, by its name in the manifest
 * @param part which part of it, such as an entry of a zip file; names of entries are decoded from
 *     the file and may contain any character
 * @param kind the kind of content
 * @param names the names in it: functions that a pickle imports, layers, classes, keys of
 *     templates; at most {@link #MAX_NAMES}, each of at most {@link #MAX_NAME_LENGTH} characters.
 *     They may contain any character, and must be escaped for display
 * @param more the number of further names
 * @param unusual whether it has a name that ordinary files of its kind do not have. Content that is
 *     not unusual is not necessarily harmless
 */
public record RunnableContent(
    String file, Optional<String> part, Kind kind, List<String> names, long more, boolean unusual) {

  /** The largest number of names that are kept. */
  public static final int MAX_NAMES = 100;

  /** The largest number of characters of a name that are kept. */
  public static final int MAX_NAME_LENGTH = 300;

  /** Copies the list. */
  public RunnableContent {
    names = List.copyOf(names);
  }

  /** Kinds of runnable content, in the order in which they are shown. */
  public enum Kind {
    /** A pickle: loading it calls the functions that it names. */
    PICKLE("pickle", "Python pickle"),
    /** A Keras layer with code of its own. */
    KERAS_LAMBDA("keras-lambda", "Keras Lambda layer"),
    /**
     * Classes in Python files of the model, which loaders import if they are configured to trust
     * it.
     */
    CUSTOM_CODE("custom-code", "custom code of the model (trust_remote_code)"),
    /** A Python file. */
    PYTHON("python", "Python file"),
    /** Machine code that a loader can link. */
    NATIVE_LIBRARY("native-library", "native library"),
    /** A template that is rendered with user input. */
    TEMPLATE("template", "chat template"),
    /** Another program or bytecode, such as a shell script or JVM classes. */
    PROGRAM("program", "program");

    private final String code;
    private final String title;

    Kind(String code, String title) {
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
