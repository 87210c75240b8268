package dev.modelsigning.internal.json;

/** The tokens of a JSON document. */
enum JsonToken {
  START_OBJECT("an object"),
  END_OBJECT("something else"),
  START_ARRAY("an array"),
  END_ARRAY("something else"),
  /** The name of a member, with the colon after it. */
  NAME("something else"),
  STRING("a string"),
  NUMBER("a number"),
  TRUE("a boolean"),
  FALSE("a boolean"),
  NULL("null");

  private final String description;

  JsonToken(String description) {
    this.description = description;
  }

  /** The name in messages of a value that begins with this token. */
  String description() {
    return description;
  }
}
