package dev.modelsigning.internal.json;

/** Traverses a value of any type, as strictly as reading one of a known type. */
final class JsonWalk {

  private final JsonReader reader;
  private final JsonTokens tokens;

  JsonWalk(JsonReader reader, JsonTokens tokens) {
    this.reader = reader;
    this.tokens = tokens;
  }

  /** Called for each token of the value. */
  @FunctionalInterface
  private interface TokenHandler {
    void token(JsonToken token) throws MalformedJsonException;
  }

  void skip() throws MalformedJsonException {
    walk(token -> {});
  }

  /**
   * The value as compact JSON text.
   *
   * @param most the largest number of bytes
   */
  String copy(int most) throws MalformedJsonException {
    JsonCopy copy = new JsonCopy();
    walk(token -> {
      copy.add(token, tokens);
      if (copy.size() > most) {
        throw reader.malformed("expected at most " + most + " bytes, found more");
      }
    });
    return copy.text();
  }

  private void walk(TokenHandler handler) throws MalformedJsonException {
    int[] members = new int[JsonReader.MAX_DEPTH + 1];
    int outside = tokens.depth();
    JsonToken token = tokens.current();
    if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
      outside--;
    }
    do {
      if (token == JsonToken.NAME) {
        reader.requireWhole(tokens.nameIsWhole());
        members[tokens.depth()]++;
        reader.requireFewMembers(members[tokens.depth()]);
      } else if (token == JsonToken.STRING) {
        reader.requireSound(tokens.string());
      } else if (token == JsonToken.START_OBJECT) {
        members[tokens.depth()] = 0;
      }
      handler.token(token);
    } while (tokens.depth() > outside && (token = tokens.next()) != null);
  }
}
