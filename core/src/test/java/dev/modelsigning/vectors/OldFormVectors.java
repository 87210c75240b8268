package dev.modelsigning.vectors;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.RepeatableSignatures;
import dev.modelsigning.testing.TestKeys;
import java.util.Locale;

/** Vectors of the form of model_signing 0.2, and what pretends to be of it. */
final class OldFormVectors {

  private static final String OLD = "https://model_signing/Digests/v0.1";
  private static final String SECTION = "9";

  private final VectorFolder folder;
  private final KeysForTests keys;
  private final String publicKey;

  OldFormVectors(VectorFolder folder, KeysForTests keys, String publicKey) {
    this.folder = folder;
    this.keys = keys;
    this.publicKey = publicKey;
  }

  private static String statement(String predicateType, String... subjects) {
    return "{\n\t\"_type\": \"https://in-toto.io/Statement/v1\",\r\n\"subject\": ["
        + String.join(",", subjects)
        + "], \"predicateType\": \""
        + predicateType
        + "\", \"predicate\": {\"unused\": \"it's \\\\ \\u6a21 \u6a21\"}}";
  }

  private static String subject(String name, String content) {
    return "{\"name\":\""
        + name
        + "\",\"digest\":{\"sha256\":\""
        + Forge.sha256(content)
        + "\"},\"annotations\":{\"actual_hash_algorithm\":\"file-sha256\"}}";
  }

  static String good() {
    return statement(OLD, subject("a", "alpha"), subject("b/c", "gamma"));
  }

  /** What model_signing 0.2 signed: the payload as a literal of Python's type bytes. */
  static byte[] encoding(String payload) {
    byte[] bytes = Vector.bytes(payload);
    String type = Payload.IN_TOTO;
    StringBuilder text =
        new StringBuilder("DSSEV1 " + type.length() + " " + type + " " + bytes.length + " b'");
    for (byte each : bytes) {
      int value = Byte.toUnsignedInt(each);
      switch (value) {
        case '\\', '\'' -> text.append('\\').append((char) value);
        case '\t' -> text.append("\\t");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        default ->
            text.append(
                value < ' ' || value > '~'
                    ? String.format("\\x%02x", value)
                    : String.valueOf((char) value));
      }
    }
    return Vector.bytes(text.append('\'').toString());
  }

  private static Bundle signed(TestKeys keys, String payload, String hash) {
    byte[] signature =
        RepeatableSignatures.sign(hash + "withECDSA", keys.privateKey(), encoding(payload));
    return Bundle.of(
        TestKeys.identifier(keys.publicKey()),
        new Envelope(Payload.inToto(Bytes.of(Vector.bytes(payload))), Bytes.of(signature)));
  }

  private void add(String name, String about, String payload, String expected) {
    folder.add(
        Vector.of("old-" + name, about, SECTION).option("public-key", publicKey).expected(expected),
        signed(p256(), payload, "SHA256"));
  }

  private TestKeys p256() {
    return KeyVectors.keys(keys);
  }

  void make() {
    for (EcdsaScheme algorithm : EcdsaScheme.values()) {
      String name = algorithm.curve().toLowerCase(Locale.ROOT).replace("-", "");
      String own = RepeatableSignatures.hashOf(algorithm);
      for (String hash : own.equals("SHA256") ? new String[] {own} : new String[] {own, "SHA256"}) {
        folder.add(
            Vector.of(
                    "old-" + name + "-" + hash.toLowerCase(Locale.ROOT),
                    "the encoding of model_signing 0.2, by " + hash,
                    SECTION)
                .option("public-key", "key/files/" + name + ".pub"),
            signed(keys.signer(name, algorithm), good(), hash));
      }
    }
    folder.add(
        Vector.of("old-encoding-of-today", "the old predicate in the encoding of today", SECTION)
            .option("public-key", publicKey),
        new Forge(p256()).bundle(good()));
    add(
        "encoding-of-a-statement-of-today",
        "a statement of today in the old encoding",
        StatementVectors.good().toString(),
        "INVALID_SIGNATURE");
    for (String[] each :
        new String[][] {
          {"newer", "https://model_signing/Digests/v0.2"}, {"other", "https://example.com/other"}
        }) {
      add(
          "encoding-of-predicate-" + each[0],
          "another predicate in the old encoding",
          statement(each[1], subject("a", "alpha"), subject("b/c", "gamma")),
          "INVALID_SIGNATURE");
    }
    folder.add(
        Vector.of("old-unsigned-file", "a file that is not signed", SECTION)
            .model("models/unsigned")
            .option("public-key", publicKey)
            .expected("MODEL_MISMATCH"),
        signed(p256(), good(), "SHA256"));
    folder.add(
        Vector.of("old-changed-file", "a file that was changed", SECTION)
            .model("models/changed")
            .option("public-key", publicKey)
            .expected("MODEL_MISMATCH"),
        signed(p256(), good(), "SHA256"));
    add("no-subject", "no subject", statement(OLD), Vector.MALFORMED_BUNDLE);
    add(
        "name-twice",
        "a name is listed twice",
        statement(OLD, subject("a", "alpha"), subject("a", "evil")),
        Vector.MALFORMED_BUNDLE);
    String[][] names = {
      {"parent", "../a"},
      {"absolute", "/a"},
      {"parent-inside", "b/../a"},
      {"current", "./a"},
      {"empty-component", "b//c"},
      {"empty", ""}
    };
    for (String[] each : names) {
      add(
          "name-" + each[0],
          "a name that is not canonical",
          statement(OLD, subject(each[1], "alpha")),
          Vector.MALFORMED_BUNDLE);
    }
    for (String algorithm : new String[] {"file-sha256-1000000", "file-blake2b", "sha256"}) {
      add(
          "algorithm-" + algorithm,
          "a digest that is something else",
          statement(OLD, subject("a", "alpha").replace("file-sha256", algorithm)),
          Vector.MALFORMED_BUNDLE);
    }
    add(
        "digest-of-another-name",
        "a digest by another algorithm",
        statement(OLD, subject("a", "alpha").replace("\"sha256\"", "\"sha512\"")),
        Vector.MALFORMED_BUNDLE);
    add(
        "no-digest",
        "a subject without a digest",
        statement(OLD, "{\"name\":\"a\",\"digest\":{}}"),
        Vector.MALFORMED_BUNDLE);
  }
}
