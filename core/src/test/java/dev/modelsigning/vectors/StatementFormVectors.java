package dev.modelsigning.vectors;

import static dev.modelsigning.testing.Forge.sha256;

import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.Forge.StatementText;
import java.nio.charset.StandardCharsets;

/** Vectors whose payload has another format than a statement about a model, validly signed. */
final class StatementFormVectors {

  private final VectorFolder folder;
  private final Forge forge;
  private final String publicKey;

  StatementFormVectors(VectorFolder folder, Forge forge, String publicKey) {
    this.folder = folder;
    this.forge = forge;
    this.publicKey = publicKey;
  }

  private static StatementText good() {
    return StatementVectors.good();
  }

  private void add(String name, String about, String section, byte[] payload, String expected) {
    folder.add(
        Vector.of(name, about, section).option("public-key", publicKey).expected(expected),
        forge.bundle(payload));
  }

  private void refused(String name, String about, String section, Object payload) {
    add(
        "forged-" + name,
        about,
        section,
        Vector.bytes(payload.toString()),
        Vector.MALFORMED_BUNDLE);
  }

  private void accepted(String name, String about, String section, Object payload) {
    add("unusual-" + name, about, section, Vector.bytes(payload.toString()), Vector.VERIFIED);
  }

  void make() {
    types();
    subjects();
    serializations();
    fields();
    json();
    encodings();
  }

  private void types() {
    String[][] types = {{"type-old", "https://in-toto.io/Statement/v0.1"}, {"type-empty", ""}};
    for (String[] each : types) {
      refused(each[0], "a statement of another type", "5.1", good().type("\"" + each[1] + "\""));
    }
    String[][] predicates = {
      {"predicate-type-shards", "https://model_signing/ShardDigests/v0.1"},
      {"predicate-type-newer", "https://model_signing/signature/v1.1"},
      {"predicate-type-other", "https://slsa.dev/provenance/v1"},
      {"predicate-type-empty", ""}
    };
    for (String[] each : predicates) {
      refused(
          each[0],
          "a statement with another predicate",
          "8.3",
          good().predicateType("\"" + each[1] + "\""));
    }
  }

  private void subjects() {
    refused(
        "two-subjects",
        "two subjects",
        "5.1",
        good().afterSubject(",{\"name\":\"x\",\"digest\":{\"sha256\":\"" + sha256("") + "\"}}"));
    refused(
        "no-subject",
        "no subject",
        "5.1",
        good().toString().replaceAll("\"subject\":\\[.*?]", "\"subject\":[]"));
    refused("subject-name-empty", "a subject without a name", "5.1", good().subjectName("\"\""));
    accepted("subject-name", "a subject of another name", "5.1", good().subjectName("\"another\""));
    for (String json : new String[] {"null", "1", "[]", "{}", "true"}) {
      String name = json.equals("[]") ? "array" : json.equals("{}") ? "object" : json;
      refused(
          "subject-name-" + name,
          "a subject name that is no text",
          "5.1",
          good().subjectName(json));
    }
    refused(
        "subject-digest-other",
        "a subject with another digest only",
        "6.5.1",
        good().toString().replace("\"digest\":{\"sha256\"", "\"digest\":{\"sha512\""));
  }

  private void serializations() {
    String[][] serializations = {
      {"no-method", "{\"hash_type\":\"sha256\",\"allow_symlinks\":false}"},
      {"no-hash-type", "{\"method\":\"files\",\"allow_symlinks\":false}"},
      {"no-allow-symlinks", "{\"method\":\"files\",\"hash_type\":\"sha256\"}"},
      {
        "other-method", "{\"method\":\"tensors\",\"hash_type\":\"sha256\",\"allow_symlinks\":false}"
      },
      {
        "allow-symlinks-text",
        "{\"method\":\"files\",\"hash_type\":\"sha256\",\"allow_symlinks\":\"false\"}"
      },
      {
        "allow-symlinks-null",
        "{\"method\":\"files\",\"hash_type\":\"sha256\",\"allow_symlinks\":null}"
      },
      {
        "ignore-paths-text",
        "{\"method\":\"files\",\"hash_type\":\"sha256\",\"allow_symlinks\":false,"
            + "\"ignore_paths\":\"x\"}"
      },
      {
        "ignore-paths-null",
        "{\"method\":\"files\",\"hash_type\":\"sha256\",\"allow_symlinks\":false,"
            + "\"ignore_paths\":null}"
      },
      {
        "ignore-paths-number",
        "{\"method\":\"files\",\"hash_type\":\"sha256\",\"allow_symlinks\":false,"
            + "\"ignore_paths\":[1]}"
      },
      {
        "unknown-field",
        "{\"method\":\"files\",\"hash_type\":\"sha256\",\"allow_symlinks\":false,\"x\":1}"
      },
      {"null", "null"},
      {"array", "[]"}
    };
    for (String[] each : serializations) {
      refused(
          "serialization-" + each[0],
          "a serialization of another shape",
          "6.2",
          good().serialization(each[1]));
    }
  }

  private void fields() {
    accepted(
        "unknown-fields",
        "unknown fields of resources and subject",
        "5.2",
        good()
            .toString()
            .replace("\"algorithm\":", "\"uri\":\"x\",\"annotations\":{\"y\":[1]},\"algorithm\":")
            .replace("\"subject\":[{", "\"subject\":[{\"uri\":null,"));
    refused(
        "unknown-field-in-predicate", "an unknown field", "5.2", good().inPredicate(",\"x\":1"));
    refused(
        "unknown-field-in-statement", "an unknown field", "5.1", good().inStatement(",\"x\":1"));
    String resource = "{\"name\":\"x\",\"algorithm\":\"sha256\",\"digest\":\"" + sha256("") + "\"}";
    for (String field : new String[] {"name", "algorithm", "digest"}) {
      String without =
          resource.replaceFirst("\"" + field + "\":\"[^\"]*\",?", "").replace(",}", "}");
      refused(
          "resource-without-" + field,
          "a resource that lacks a field",
          "6.3",
          good().rawResource(without));
    }
    for (String field : new String[] {"_type", "subject", "predicateType", "predicate"}) {
      refused(
          "statement-without-" + field.replace("_", "").replace("T", "-t"),
          "a statement that lacks a field",
          "5.1",
          good().toString().replaceFirst("\"" + field + "\":", "\"x-" + field + "\":"));
    }
    refused(
        "predicate-without-resources",
        "a predicate that lacks its resources",
        "5.2",
        good().toString().replaceFirst("\"resources\":\\[.*?],", ""));
  }

  private void json() {
    refused(
        "json-duplicate-name",
        "a name that stands twice in an object",
        "8.1",
        good().inStatement(",\"_type\":\"https://in-toto.io/Statement/v1\""));
    refused(
        "json-duplicate-name-of-resource",
        "a resource with two names, of which parsers take one or the other",
        "8.1",
        good()
            .rawResource(
                "{\"name\":\"x\",\"name\":\"y\",\"algorithm\":\"sha256\",\"digest\":\""
                    + sha256("")
                    + "\"}"));
    refused(
        "json-duplicate-name-in-an-unknown-field",
        "a name that stands twice where nobody looks",
        "8.1",
        good().toString().replace("\"subject\":[{", "\"subject\":[{\"z\":{\"q\":1,\"q\":2},"));
    refused(
        "json-duplicate-name-escaped",
        "a name that stands twice, once with an escape",
        "8.1",
        good().inStatement(",\"\\u005ftype\":\"https://in-toto.io/Statement/v1\""));
    String[][] texts = {
      {"blank", " "},
      {"array", "[]"},
      {"null", "null"},
      {"text", "\"x\""},
      {"not-closed", "{"},
      {"text-behind", good() + "x"},
      {"object-behind", good() + "{}"},
      {"comma-at-end", good().toString().replaceFirst("}$", ",}")},
      {"comment", good() + " // comment"},
      {"single-quotes", good().toString().replace('"', '\'')},
      {"names-without-quotes", good().toString().replace("\"_type\"", "_type")},
      {"byte-order-mark", "\uFEFF" + good()},
      {"nan", good().toString().replace("\"subject\":[{", "\"subject\":[{\"z\":NaN,")},
      {"leading-zero", good().toString().replace("\"subject\":[{", "\"subject\":[{\"z\":01,")},
      {"plus", good().toString().replace("\"subject\":[{", "\"subject\":[{\"z\":+1,")},
      {"bare-fraction", good().toString().replace("\"subject\":[{", "\"subject\":[{\"z\":.5,")},
      {"infinity", good().toString().replace("\"subject\":[{", "\"subject\":[{\"z\":Infinity,")},
      {"control-character", good().subjectName("\"\u0001\"").toString()},
      {"other-escape", good().subjectName("\"\\x41\"").toString()},
      {
        "deep",
        good().toString().replace("[{", "[{\"z\":" + "[".repeat(500) + "]".repeat(500) + ",")
      }
    };
    for (String[] each : texts) {
      refused("json-" + each[0], "not JSON by RFC 8259, or not one object", "8.1", each[1]);
    }
    accepted(
        "json-white-space", "white space around the statement", "8.1", "\n\t " + good() + "\r\n ");
    accepted(
        "json-escapes",
        "letters written as escapes",
        "8.1",
        good().toString().replace("\"name\":\"a\"", "\"n\\u0061me\":\"\\u0061\""));
  }

  private void encodings() {
    String[][] names = {
      {"latin-1", "m\u00e4"},
      {"overlong", "\u00c0\u0080"},
      {"surrogate", "\u00ed\u00a0\u0080"},
      {"beyond-unicode", "\u00f5\u0080\u0080\u0080"},
      {"cut-off", "\u00e6\u00a8"}
    };
    for (String[] each : names) {
      byte[] payload =
          good()
              .subjectName("\"" + each[1] + "\"")
              .toString()
              .getBytes(StandardCharsets.ISO_8859_1);
      add(
          "forged-utf-8-" + each[0],
          "bytes that are not UTF-8",
          "8.1",
          payload,
          Vector.MALFORMED_BUNDLE);
    }
    add(
        "forged-utf-16",
        "a statement in UTF-16",
        "8.1",
        good().toString().getBytes(StandardCharsets.UTF_16),
        Vector.MALFORMED_BUNDLE);
  }
}
