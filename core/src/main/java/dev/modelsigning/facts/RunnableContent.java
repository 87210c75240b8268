package dev.modelsigning.facts;

import java.util.List;
import java.util.Optional;

/**
 * Something that can run when a model is loaded.
 *
 * @param file the file, by its name in the manifest
 * @param part which part of it, such as an entry of a zip file; names of entries are as they are in
 *     the file, decoded, and may hold anything
 * @param kind what it is
 * @param names what it names: functions that a pickle imports, layers, classes, keys of templates;
 *     at most {@link #MAX_NAMES}, each of at most {@link #MAX_NAME_LENGTH} characters. They may
 *     hold anything, and are escaped by whoever shows them
 * @param more how many names there are besides
 * @param unusual whether it names something that usual files of its kind do not. That nothing is
 *     unusual does not make it harmless
 */
public record RunnableContent(
    String file, Optional<String> part, Kind kind, List<String> names, long more, boolean unusual) {

  /** The most names that are kept. */
  public static final int MAX_NAMES = 100;

  /** The most characters of a name that are kept. */
  public static final int MAX_NAME_LENGTH = 300;

  /** Copies the list. */
  public RunnableContent {
    names = List.copyOf(names);
  }

  /** Kinds of what can run, in the order in which they are shown. */
  public enum Kind {
    /** A pickle: loading it calls the functions that it names. */
    PICKLE("pickle", "Python pickle"),
    /** A layer of Keras with code of its own. */
    KERAS_LAMBDA("keras-lambda", "Keras Lambda layer"),
    /** Classes in Python files of the model, which loaders import if they are told to trust it. */
    CUSTOM_CODE("custom-code", "custom code of the model (trust_remote_code)"),
    /** A file of Python. */
    PYTHON("python", "Python file"),
    /** Machine code that a loader can link. */
    NATIVE_LIBRARY("native-library", "native library"),
    /** A template that is run over what users say. */
    TEMPLATE("template", "chat template"),
    /** Another program or bytecode: of a shell, of the JVM. */
    PROGRAM("program", "program");

    private final String code;
    private final String title;

    Kind(String code, String title) {
      this.code = code;
      this.title = title;
    }

    /** What programs know it by. */
    public String code() {
      return code;
    }

    /** What people are told. */
    public String title() {
      return title;
    }
  }
}
