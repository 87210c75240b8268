package dev.modelsigning.vectors;

import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One bundle to verify, with all that it takes and the way in which it must end. All files are
 * named relative to the folder {@code vectors}; {@code vectors/README.md} describes the form.
 *
 * @param name its name, of which there is one in a folder
 * @param description what is special about it
 * @param section the section of the OMS specification, or another standard
 * @param method the signing method: {@code key}, {@code certificate} or {@code sigstore}
 * @param model the model's directory or file, or an archive of it
 * @param bundle the bundle's file
 * @param options how to verify it: the options of the command line and their values, of which flags
 *     have none
 * @param expected {@link #VERIFIED}, or why verification must fail
 */
public record Vector(
    String name,
    String description,
    String section,
    String method,
    String model,
    String bundle,
    Map<String, List<String>> options,
    String expected) {

  /** What is expected of a good bundle. */
  public static final String VERIFIED = "VERIFIED";

  /** What is expected where the bundle is not one, or its statement is not one about a model. */
  public static final String MALFORMED_BUNDLE = "MALFORMED_BUNDLE";

  /** What is expected where what the user trusts cannot be used. */
  public static final String UNUSABLE_TRUST = "UNUSABLE_TRUST";

  /** Options whose values are files. */
  public static final List<String> FILE_OPTIONS =
      List.of("public-key", "certificate-chain", "tsa-certificate-chain", "crl", "trusted-root");

  private static final long MAX_TOKENS = 1_000_000;

  public Vector {
    options = Map.copyOf(options);
  }

  /** A vector of a good bundle over the model {@code plain}. */
  public static Vector of(String name, String description, String section) {
    return new Vector(name, description, section, "", "models/plain", "", Map.of(), VERIFIED);
  }

  Vector in(String newMethod, String newBundle) {
    return new Vector(name, description, section, newMethod, model, newBundle, options, expected);
  }

  /** About another model. */
  public Vector model(String newModel) {
    return new Vector(name, description, section, method, newModel, bundle, options, expected);
  }

  /** Ending in another way. */
  public Vector expected(String newExpected) {
    return new Vector(name, description, section, method, model, bundle, options, newExpected);
  }

  /** With one more value of an option, or with a flag. */
  public Vector option(String option, String... values) {
    Map<String, List<String>> more = new LinkedHashMap<>(options);
    List<String> all = new ArrayList<>(more.getOrDefault(option, List.of()));
    all.addAll(List.of(values));
    more.put(option, all);
    return new Vector(name, description, section, method, model, bundle, more, expected);
  }

  /** The values of an option; none if it is not given. */
  public List<String> values(String option) {
    return options.getOrDefault(option, List.of());
  }

  /** Whether a flag is given. */
  public boolean has(String option) {
    return options.containsKey(option);
  }

  /** All files that this vector names. */
  List<String> files() {
    List<String> files = new ArrayList<>(List.of(model, bundle));
    FILE_OPTIONS.forEach(option -> files.addAll(values(option)));
    return files;
  }

  // --- JSON

  /** Reads the vectors of a folder, in their order. */
  static List<Vector> read(Path index) throws IOException {
    byte[] json = Files.readAllBytes(index);
    try {
      return JsonReader.read(
          index.toString(),
          json,
          MAX_TOKENS,
          reader -> {
            List<Vector> vectors = new ArrayList<>();
            reader.object(name -> {
              if (name.equals("vectors")) {
                reader.array(i -> vectors.add(read(reader)));
              } else {
                reader.string();
              }
            });
            return vectors;
          });
    } catch (MalformedJsonException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static Vector read(JsonReader reader) throws MalformedJsonException {
    Map<String, String> texts = new LinkedHashMap<>();
    Map<String, List<String>> options = new LinkedHashMap<>();
    reader.object(name -> {
      if (name.equals("options")) {
        reader.object(option -> {
          List<String> values = new ArrayList<>();
          reader.array(i -> values.add(reader.string()));
          options.put(option, values);
        });
      } else {
        texts.put(name, reader.nonEmptyString());
      }
    });
    for (String required : TEXTS) {
      if (!texts.containsKey(required)) {
        throw reader.missing(required);
      }
    }
    return new Vector(
        texts.get("name"),
        texts.get("description"),
        texts.get("section"),
        texts.get("method"),
        texts.get("model"),
        texts.get("bundle"),
        options,
        texts.get("expected"));
  }

  private static final List<String> TEXTS =
      List.of("name", "description", "section", "method", "model", "bundle", "expected");

  /** Writes the index of a folder, one line for each field, so that changes are easy to see. */
  static void write(Path index, String about, List<Vector> vectors) throws IOException {
    StringBuilder json = new StringBuilder("{\n  \"about\": ").append(quote(about));
    json.append(",\n  \"vectors\": [");
    String separator = "\n";
    for (Vector each : vectors) {
      json.append(separator).append(each.toJson());
      separator = ",\n";
    }
    Files.writeString(index, json.append("\n  ]\n}\n"));
  }

  private String toJson() {
    StringBuilder json = new StringBuilder("    {");
    field(json, "name", name).append(",");
    field(json, "description", description).append(",");
    field(json, "section", section).append(",");
    field(json, "method", method).append(",");
    field(json, "model", model).append(",");
    field(json, "bundle", bundle).append(",\n      \"options\": {");
    String separator = "";
    for (String option : options.keySet().stream().sorted().toList()) {
      json.append(separator).append("\n        ").append(quote(option)).append(": [");
      json.append(String.join(", ", values(option).stream().map(Vector::quote).toList()));
      json.append("]");
      separator = ",";
    }
    json.append(options.isEmpty() ? "}," : "\n      },");
    return field(json, "expected", expected).append("\n    }").toString();
  }

  private static StringBuilder field(StringBuilder json, String name, String value) {
    return json.append("\n      ").append(quote(name)).append(": ").append(quote(value));
  }

  /** A string in JSON, in ASCII. */
  static String quote(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  /** The bytes of a text. */
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
