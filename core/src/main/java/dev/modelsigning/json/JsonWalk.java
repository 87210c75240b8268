package dev.modelsigning.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Goes through a value of any type, which is as strict as reading one of a known type. */
final class JsonWalk {

  private static final JsonFactory COPIES = new JsonFactory();

  private final JsonReader reader;
  private final JsonParser parser;

  JsonWalk(JsonReader reader, JsonParser parser) {
    this.reader = reader;
    this.parser = parser;
  }

  /** Is called for each token of the value. */
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
   * @param most how many bytes it may have
   * @param mostString how many characters each string in it may have
   */
  String copy(int most, int mostString) throws MalformedJsonException {
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    try (JsonGenerator generator = COPIES.createGenerator(ObjectWriteContext.empty(), copy)) {
      walk(token -> {
        if (token == JsonToken.VALUE_STRING && parser.getStringLength() > mostString) {
          throw reader.malformed(
              "expected strings of at most "
                  + mostString
                  + " characters, found one of "
                  + parser.getStringLength());
        }
        if (token.isNumeric()) {
          generator.writeNumber(parser.getString());
        } else {
          generator.copyCurrentEvent(parser);
        }
        requireLength(copy.size(), most);
      });
    }
    requireLength(copy.size(), most);
    return copy.toString(StandardCharsets.UTF_8);
  }

  private void requireLength(int bytes, int most) throws MalformedJsonException {
    if (bytes > most) {
      throw reader.malformed("expected at most " + most + " bytes, found more");
    }
  }

  private void walk(TokenHandler handler) throws MalformedJsonException {
    int[] members = new int[JsonReader.MAX_DEPTH + 2];
    int depth = 0;
    do {
      JsonToken token = parser.currentToken();
      if (token == JsonToken.PROPERTY_NAME) {
        reader.requireNoLoneSurrogates(parser.currentName());
        members[depth]++;
        reader.requireFewMembers(members[depth]);
      } else if (token == JsonToken.VALUE_STRING) {
        reader.requireNoLoneSurrogates(parser.getString());
      } else if (token.isStructStart()) {
        depth++;
        members[depth] = 0;
      } else if (token.isStructEnd()) {
        depth--;
      }
      handler.token(token);
    } while (depth > 0 && parser.nextToken() != null);
  }
}
