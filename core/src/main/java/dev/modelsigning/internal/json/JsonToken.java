package dev.modelsigning.internal.json;

/** What a JSON document consists of. */
enum JsonToken {
  START_OBJECT("an object"),
  END_OBJECT("something else"),
  START_ARRAY("an array"),
  END_ARRAY("something else"),
  /** The name of a member, with the colon behind it. */
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

  /** What messages call a value that begins with this. */
  String description() {
    return description;
  }
}
