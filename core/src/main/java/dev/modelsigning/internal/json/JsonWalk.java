package dev.modelsigning.internal.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Traverses a value of any type, as strictly as reading one of a known type. */
final class JsonWalk {

  /** Created only if a value is copied: verifying most bundles does not need it. */
  private static final class Copies {
    static final JsonFactory FACTORY = new JsonFactory();
  }

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
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    try (JsonGenerator generator =
        Copies.FACTORY.createGenerator(ObjectWriteContext.empty(), copy)) {
      walk(token -> {
        copy(token, generator);
        requireLength(copy.size(), most);
      });
    }
    requireLength(copy.size(), most);
    return copy.toString(StandardCharsets.UTF_8);
  }

  private void copy(JsonToken token, JsonGenerator generator) throws MalformedJsonException {
    switch (token) {
      case START_OBJECT -> generator.writeStartObject();
      case END_OBJECT -> generator.writeEndObject();
      case START_ARRAY -> generator.writeStartArray();
      case END_ARRAY -> generator.writeEndArray();
      case NAME -> generator.writeName(tokens.name());
      case STRING -> generator.writeString(tokens.string().text());
      case NUMBER -> generator.writeNumber(tokens.number());
      case TRUE -> generator.writeBoolean(true);
      case FALSE -> generator.writeBoolean(false);
      case NULL -> generator.writeNull();
    }
  }

  private void requireLength(int bytes, int most) throws MalformedJsonException {
    if (bytes > most) {
      throw reader.malformed("expected at most " + most + " bytes, found more");
    }
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
