package dev.modelsigning.content.internal.card;

import dev.modelsigning.facts.CardEntry.Field;
import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.FileInspection;
import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the two files at the root of a model that describe it for hubs and loaders: the card
 * README.md, and config.json.
 */
public final class ModelCards {

  private static final String CARD = "README.md";
  private static final String CONFIGURATION = "config.json";

  /** The largest number of bytes of a configuration that are read. */
  static final int MAX_CONFIGURATION = 8 * 1024 * 1024;

  /** The labels of a classifier are members of one object, and some have more than 20,000. */
  private static final int MAX_MEMBERS = 250_000;

  private static final Map<String, Field> CARD_FIELDS =
      Map.of(
          "license", Field.LICENSE,
          "license_name", Field.LICENSE_NAME,
          "license_link", Field.LICENSE_NAME,
          "base_model", Field.BASE_MODEL,
          "datasets", Field.DATASETS,
          "pipeline_tag", Field.TASK,
          "language", Field.LANGUAGE,
          "library_name", Field.LIBRARY);

  private static final Map<String, Field> CONFIGURATION_FIELDS =
      Map.of("architectures", Field.ARCHITECTURE, "model_type", Field.MODEL_TYPE);

  private ModelCards() {}

  /**
   * Inspects a file, if it is one of them.
   *
   * @param name its path in the model
   * @param size its length in bytes
   */
  public static Optional<FileInspection> begin(String name, long size) {
    return switch (name) {
      case CARD ->
          Optional.of(
              new BeginningInspection(
                  name,
                  size,
                  FrontMatter.MAX_LENGTH,
                  bytes -> card(name, bytes, bytes.length == size)));
      case CONFIGURATION ->
          Optional.of(
              new BeginningInspection(
                  name, size, MAX_CONFIGURATION, bytes -> configuration(name, bytes, size)));
      default -> Optional.empty();
    };
  }

  static FileFacts card(String name, byte[] beginning, boolean whole) {
    try {
      CardValues values = new CardValues();
      Optional<String> text = FrontMatter.find(beginning, whole);
      if (text.isPresent()) {
        CardYaml.read(
            text.get(),
            CARD_FIELDS::containsKey,
            (field, value) -> values.add(field(CARD_FIELDS, field), value));
      }
      return values.facts(name);
    } catch (UnreadableCardException e) {
      return CardValues.unreadable(name, "" + e.getMessage());
    }
  }

  static FileFacts configuration(String name, byte[] bytes, long size) {
    if (bytes.length < size) {
      return CardValues.unreadable(
          name, "expected at most " + bytes.length + " bytes, found " + size);
    }
    try {
      CardValues values = new CardValues();
      JsonReader.read(
          name,
          bytes,
          bytes.length,
          json -> {
            json.allowMembers(MAX_MEMBERS);
            json.object(field -> {
              if (CONFIGURATION_FIELDS.containsKey(field)) {
                readStrings(json, field(CONFIGURATION_FIELDS, field), values);
              } else {
                json.skip();
              }
            });
            return values;
          });
      return values.facts(name);
    } catch (MalformedJsonException e) {
      return CardValues.unreadable(name, "" + e.getMessage());
    }
  }

  /** Reads a string, or the strings in a list; skips values of other types. */
  private static void readStrings(JsonReader json, Field field, CardValues values)
      throws MalformedJsonException {
    if (json.isString()) {
      values.add(field, json.string());
    } else if (json.isArray()) {
      json.array(index -> {
        if (json.isString()) {
          values.add(field, json.string());
        } else {
          json.skip();
        }
      });
    } else {
      json.skip();
    }
  }

  private static Field field(Map<String, Field> fields, String name) {
    Field field = fields.get(name);
    if (field == null) {
      throw new IllegalArgumentException(name);
    }
    return field;
  }
}
