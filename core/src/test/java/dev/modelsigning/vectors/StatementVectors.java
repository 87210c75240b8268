package dev.modelsigning.vectors;

import static dev.modelsigning.testing.Forge.sha256;

import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.Forge.StatementText;
import java.util.Locale;

/** Vectors whose statement is malicious or unusual, validly signed. */
final class StatementVectors {

  private static final String FILES =
      "{\"method\":\"files\",\"hash_type\":\"sha256\",\"allow_symlinks\":false%s}";
  private static final String SHARDS =
      "{\"method\":\"shards\",\"hash_type\":\"sha256\",\"shard_size\":%s,\"allow_symlinks\":false}";

  private final VectorFolder folder;
  private final Forge forge;
  private final String publicKey;

  StatementVectors(VectorFolder folder, Forge forge, String publicKey) {
    this.folder = folder;
    this.forge = forge;
    this.publicKey = publicKey;
  }

  /** A statement about the model {@code plain} that is right in every way. */
  static StatementText good() {
    return new StatementText().file("a", "alpha").file("b/c", "gamma");
  }

  private static StatementText shards(String... namesAndContents) {
    StatementText statement = new StatementText().serialization(String.format(SHARDS, "3"));
    for (int i = 0; i < namesAndContents.length; i += 2) {
      statement.file(namesAndContents[i], namesAndContents[i + 1]);
    }
    return statement;
  }

  /** The same in shards of three bytes. */
  static StatementText goodShards() {
    return shards("a:0:3", "alp", "a:3:5", "ha", "b/c:0:3", "gam", "b/c:3:5", "ma");
  }

  private void add(String name, String about, String section, Object statement, String expected) {
    folder.add(
        Vector.of(name, about, section).option("public-key", publicKey).expected(expected),
        forge.bundle(statement.toString()));
  }

  private void refused(String name, String about, String section, Object statement) {
    add("forged-" + name, about, section, statement, Vector.MALFORMED_BUNDLE);
  }

  private void accepted(String name, String about, String section, Object statement) {
    add("unusual-" + name, about, section, statement, Vector.VERIFIED);
  }

  void make() {
    names();
    ignorePaths();
    digests();
    shardSizes();
    shardNames();
  }

  private void names() {
    refused("name-twice", "a name is listed twice", "6.1.2", good().file("a", "alpha"));
    refused(
        "name-twice-other-digest",
        "a name is listed twice, with other digests",
        "6.1.2",
        good().file("a", "other"));
    String[][] names = {
      {"name-parent", "../outside"},
      {"name-parent-inside", "b/../a"},
      {"name-absolute", "/etc/passwd"},
      {"name-current", "./a"},
      {"name-empty-component", "b//c"},
      {"name-slash-at-end", "b/"},
      {"name-current-inside", "b/./c"},
      {"name-only-parent", ".."},
      {"name-dot-beside-others", "."},
      {"name-nul", "a\0b"},
      {"name-empty", ""},
      {"name-escape-and-parent", "x\u001b[2J/../y"}
    };
    for (String[] each : names) {
      refused(
          each[0],
          "a name that is not canonical: " + each[1].replace('\0', '0').replace('\u001b', 'E'),
          "6.1.2",
          good().file(each[1], "secret"));
    }
    refused(
        "name-half-a-surrogate-pair",
        "a name with half a surrogate pair",
        "6.1.2",
        good()
            .rawResource(
                "{\"name\":\"\\ud83d\",\"algorithm\":\"sha256\",\"digest\":\""
                    + sha256("")
                    + "\"}"));
    add(
        "forged-name-not-in-the-model",
        "a file that the model lacks",
        "8.4",
        good().file("c", "x"),
        "MODEL_MISMATCH");
    accepted(
        "order",
        "resources that are not in code point order",
        "5.2.1",
        new StatementText().file("b/c", "gamma").file("a", "alpha"));
  }

  private void ignorePaths() {
    String[][] paths = {
      {"empty", ""}, {"all", "."}, {"absolute", "/b"}, {"parent", "b/.."}, {"outside", "../x"}
    };
    for (String[] each : paths) {
      refused(
          "ignore-paths-" + each[0],
          "an ignored path that covers too much: '" + each[1] + "'",
          "6.2.1",
          good().serialization(String.format(FILES, ",\"ignore_paths\":[\"" + each[1] + "\"]")));
    }
    folder.add(
        Vector.of("ignore-paths-literal", "ignored paths are no patterns", "6.2.1")
            .model("models/ignored")
            .option("public-key", publicKey)
            .expected("MODEL_MISMATCH"),
        forge.bundle(
            good()
                .serialization(
                    String.format(FILES, ",\"ignore_paths\":[\"./x\",\"x/\",\"*\",\"X\"]"))
                .toString()));
    String[][] models = {
      {"plain", "is there", Vector.VERIFIED},
      {"changed", "was changed", "MODEL_MISMATCH"},
      {"only-b", "is missing", "MODEL_MISMATCH"}
    };
    for (String[] each : models) {
      folder.add(
          Vector.of("listed-and-ignored-" + each[0], "an ignored, listed file " + each[1], "6.2.1")
              .model("models/" + each[0])
              .option("public-key", publicKey)
              .expected(each[2]),
          forge.bundle(
              good().serialization(String.format(FILES, ",\"ignore_paths\":[\"a\"]")).toString()));
    }
  }

  private void digests() {
    refused(
        "algorithm-of-a-resource",
        "a resource by another algorithm than the serialization says",
        "6.3",
        good().resource("x", "blake3", sha256("")));
    for (String id : new String[] {"SHA256", "sha-256", "sha512", "md5", "blake2", ""}) {
      refused(
          "hash-type-" + (id.isEmpty() ? "empty" : id.equals("SHA256") ? "upper-case" : id),
          "a hash type that is not registered",
          "6.3",
          good()
              .serialization(
                  "{\"method\":\"files\",\"hash_type\":\"" + id + "\",\"allow_symlinks\":false}"));
    }
    refused(
        "digest-upper-case",
        "a digest in upper case",
        "6.3",
        good().resource("x", "sha256", sha256("x").toUpperCase(Locale.ROOT)));
    refused(
        "digest-long",
        "a digest that is too long",
        "6.3",
        good().resource("x", "sha256", sha256("x") + "00"));
    refused(
        "digest-short", "a digest that is too short", "6.3", good().resource("x", "sha256", "00"));
    refused("digest-empty", "an empty digest", "6.3", good().resource("x", "sha256", ""));
    refused(
        "digest-not-hexadecimal",
        "a digest with other letters",
        "6.3",
        good()
            .rawResource(
                "{\"name\":\"x\",\"algorithm\":\"sha256\",\"digest\":\"" + "g".repeat(64) + "\"}"));
    refused(
        "root-digest",
        "a root digest that is not that of the resources",
        "6.5.1",
        good().root(sha256("x")));
    String upper =
        good()
            .toString()
            .replaceAll(".*\"digest\":\\{\"sha256\":\"([0-9a-f]+)\"}.*", "$1")
            .toUpperCase(Locale.ROOT);
    refused("root-digest-upper-case", "a root digest in upper case", "6.5.1", good().root(upper));
    refused(
        "nothing-listed",
        "a statement that lists nothing",
        "6.1",
        new StatementText().root(sha256("")));
    add(
        "forged-digest-of-another-file",
        "a digest that is not that of the file",
        "8.4",
        new StatementText().file("a", "other").file("b/c", "gamma"),
        "MODEL_MISMATCH");
  }

  private void shardSizes() {
    accepted("shards", "shards of three bytes", "6.3.2", goodShards());
    for (String size : new String[] {"3.0", "3e0", "0.3e1", "30e-1"}) {
      accepted(
          "shard-size-" + size,
          "a shard size that is an integer in another notation: " + size,
          "6.3.2",
          goodShards().serialization(String.format(SHARDS, size)));
    }
    String[][] sizes = {
      {"zero", "0"},
      {"negative", "-3"},
      {"fraction", "3.5"},
      {"huge-exponent", "1e999999999"},
      {"exponent-beyond-an-integer", "1e2147483648"},
      {"beyond-a-double", "9007199254740993"},
      {"text", "\"3\""},
      {"null", "null"},
      {"true", "true"},
      {"small-exponent", "1e-5"},
      {"array", "[]"}
    };
    for (String[] each : sizes) {
      refused(
          "shard-size-" + each[0],
          "a shard size that is no positive integer: " + each[1],
          "6.3.2",
          goodShards().serialization(String.format(SHARDS, each[1])));
    }
    refused(
        "shard-size-missing",
        "shards without a shard size",
        "6.3.2",
        goodShards()
            .serialization(
                "{\"method\":\"shards\",\"hash_type\":\"sha256\",\"allow_symlinks\":false}"));
    refused(
        "shard-size-with-files",
        "a shard size where there are no shards",
        "6.3.1",
        good().serialization(String.format(FILES, ",\"shard_size\":3")));
    accepted(
        "shards-algorithm-with-size",
        "resources of the algorithm sha256-sharded-3, as other implementations write",
        "6.3.2",
        goodShards()
            .toString()
            .replace("\"algorithm\":\"sha256\"", "\"algorithm\":\"sha256-sharded-3\""));
    for (String algorithm :
        new String[] {"sha256-sharded-4", "sha256-sharded-03", "blake3-sharded-3"}) {
      refused(
          "shards-algorithm-" + algorithm,
          "an algorithm that is not that of the serialization",
          "6.3.2",
          goodShards()
              .toString()
              .replace("\"algorithm\":\"sha256\"", "\"algorithm\":\"" + algorithm + "\""));
    }
    refused(
        "files-algorithm-with-size",
        "whole files by an algorithm for shards",
        "6.3.1",
        good()
            .toString()
            .replace("\"algorithm\":\"sha256\"", "\"algorithm\":\"sha256-sharded-3\""));
  }

  private void shardNames() {
    refused("shards-gap", "a gap", "6.3.2", shards("a:0:3", "alp", "a:6:9", "xxx"));
    refused("shards-without-start", "no shard at the start", "6.3.2", shards("a:3:5", "ha"));
    refused("shards-overlap", "shards overlap", "6.3.2", shards("a:0:3", "alp", "a:2:5", "pha"));
    refused(
        "shards-short-before-the-last",
        "a short shard that is not the last",
        "6.3.2",
        shards("a:0:2", "al", "a:3:5", "ha"));
    refused("shards-long", "a shard longer than the size", "6.3.2", shards("a:0:5", "alpha"));
    String[][] names = {
      {"bare", "a"},
      {"one-number", "a:0"},
      {"no-end", "a:0:"},
      {"no-name", ":0:3"},
      {"minus", "a:-0:3"},
      {"plus", "a:+0:3"},
      {"leading-zero-start", "a:00:3"},
      {"leading-zero-end", "a:0:03"},
      {"empty", "a:0:0"},
      {"empty-behind", "a:3:3"},
      {"beyond-a-long", "a:0:9223372036854775808"},
      {"hexadecimal", "a:0x0:3"},
      {"space", "a: 0:3"},
      {"other-digits", "a:\u0660:3"}
    };
    for (String[] each : names) {
      refused(
          "shard-name-" + each[0],
          "a name that is not one of a shard",
          "6.3.2",
          shards("a:0:3", "alp").file(each[1], "x"));
    }
  }
}
