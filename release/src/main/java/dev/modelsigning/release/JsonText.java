package dev.modelsigning.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** JSON as maps, lists and strings, in which other values are strings, too. */
final class JsonText {

  private JsonText() {}

  /**
   * Reads a document. Of members with the same name the last one counts.
   *
   * @throws ReleaseException if it is not JSON
   */
  static Object read(Path file) throws IOException, ReleaseException {
    byte[] content = Files.readAllBytes(file);
    try (JsonParser in = new JsonFactory().createParser(ObjectReadContext.empty(), content)) {
      if (in.nextToken() == null) {
        throw new ReleaseException(file + ": expected JSON, found nothing");
      }
      Object value = read(in);
      if (in.nextToken() != null) {
        throw new ReleaseException(file + ": expected one JSON value, found more");
      }
      return value;
    } catch (JacksonException e) {
      throw new ReleaseException(file + ": expected JSON: " + e.getOriginalMessage());
    }
  }

  private static Object read(JsonParser in) {
    if (in.currentToken() == JsonToken.START_ARRAY) {
      List<Object> list = new ArrayList<>();
      while (in.nextToken() != JsonToken.END_ARRAY) {
        list.add(read(in));
      }
      return list;
    }
    if (in.currentToken() != JsonToken.START_OBJECT) {
      return String.valueOf(in.getString());
    }
    Map<String, Object> object = new TreeMap<>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      object.put(name, read(in));
    }
    return object;
  }

  /** Writes a document in ASCII, with sorted members: the same content is the same text. */
  static String write(Object value) {
    StringBuilder json = new StringBuilder();
    write(value, "\n", json);
    return json.append('\n').toString();
  }

  private static void write(Object value, String line, StringBuilder json) {
    if (value instanceof Map<?, ?> map) {
      String separator = "{";
      for (Map.Entry<?, ?> each : new TreeMap<>(map).entrySet()) {
        json.append(separator).append(line).append("  ");
        writeString(String.valueOf(each.getKey()), json);
        write(each.getValue(), line + "  ", json.append(": "));
        separator = ",";
      }
      json.append(separator.equals("{") ? "{}" : line + "}");
    } else if (value instanceof List<?> list) {
      String separator = "[";
      for (Object each : list) {
        json.append(separator).append(line).append("  ");
        write(each, line + "  ", json);
        separator = ",";
      }
      json.append(separator.equals("[") ? "[]" : line + "]");
    } else {
      writeString(String.valueOf(value), json);
    }
  }

  private static void writeString(String value, StringBuilder json) {
    json.append('"');
    for (int i = 0; i < value.length(); i++) {
      char each = value.charAt(i);
      if (each < ' ' || each > '~') {
        json.append(String.format(Locale.ROOT, "\\u%04x", (int) each));
      } else {
        json.append(each == '"' || each == '\\' ? "\\" : "").append(each);
      }
    }
    json.append('"');
  }
}
