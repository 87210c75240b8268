package dev.modelsigning.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** The schemas of machine-readable output: that they exist, and what they refuse. */
class SchemasTest {

  private static final String LAUNCHER =
      "{\"verified\":false,\"schemaVersion\":1,\"toolVersion\":\"unknown\",\"model\":\"\","
          + "\"reason\":\"NOT_STARTED\",\"message\":\"no Java found\"}";

  private static final Set<String> OF_FAILURES =
      Set.of(
          "verified",
          "signed",
          "attested",
          "schemaVersion",
          "toolVersion",
          "model",
          "reason",
          "message",
          "changed",
          "missing",
          "notSigned",
          "findings",
          "warnings");

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void signAModel() throws IOException {
    workspace = Workspace.in(directory);
    workspace.sign().assertSucceeded();
  }

  static List<String> names() {
    return Schemas.names();
  }

  // --- the command

  @Test
  void listsTheNames() {
    Invocation listed = Invocation.of("schema").assertSucceeded();

    assertThat(listed.out().lines())
        .contains("sign", "verify", "digest", "pkcs11-list")
        .isEqualTo(Stream.concat(names().stream(), Stream.of("policy")).toList());
    assertThat(listed.err()).isEmpty();
  }

  /** Whatever schema lies among the resources is that of a command. */
  @Test
  void everySchemaIsListed() throws IOException {
    Path resources =
        Path.of(System.getProperty("basedir", ""))
            .resolve("src/main/resources/dev/modelsigning/cli/schemas");
    try (Stream<Path> files = Files.list(resources)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              names().stream().map(name -> name + ".schema.json").toList());
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void printsASchema(String name) {
    Invocation printed = Invocation.of("schema", name).assertSucceeded();

    assertThat(printed.out()).matches("[ -~\n]+").endsWith("}\n");
    JsonNode schema = JsonOutput.read(printed.out());
    assertThat(schema.get("$schema").asString())
        .isEqualTo("https://json-schema.org/draft/2020-12/schema");
    assertThat(schema.get("$id").asString()).isEqualTo("urn:model-signing:schema:" + name + ":1");
  }

  /** That of policies is for editors, of an input. */
  @Test
  void printsTheSchemaOfPolicies() {
    Invocation printed = Invocation.of("schema", "policy").assertSucceeded();

    assertThat(JsonOutput.read(printed.out()).get("$schema").asString())
        .startsWith("https://json-schema.org/");
  }

  @ParameterizedTest
  @CsvSource({
    "verfiy, 'there is no such schema: ''verfiy'', there are ', 'did you mean verify?'",
    "pkcs11_list, there is no such schema, did you mean pkcs11-list?",
    "../schemas/verify, 'there is no such schema, there are sign, ', pkcs11-list",
    "xxxxxxxxxxxx, 'there is no such schema, there are sign, ', pkcs11-list",
    "'', 'there is no such schema, there are sign, ', pkcs11-list",
  })
  void refusesAnUnknownNameAndNamesThoseThereAre(String name, String first, String second) {
    Invocation.of("schema", name).assertUsage(first, second);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u001b[31mverify",
        "verify\nmodel-signing: verified",
        "\u202eyfirev",
        "<b>verify</b>",
        "%n%s",
        "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"
      })
  void repeatsNoHostileName(String name) {
    Invocation refused = Invocation.of("schema", name).assertUsage("there is no such schema");

    assertThat(refused.err()).doesNotContain(name, "eyJ", "\u202e").hasLineCount(2);
  }

  @Test
  void printsAnObjectWhereOneIsWaitedFor() {
    Invocation refused = Invocation.of("schema", "nope", "--format=json");

    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.out()).startsWith("{\"verified\":false,");
  }

  // --- the schemas

  /** Every field is described, and every object lists its fields. */
  @ParameterizedTest
  @MethodSource("names")
  void describesEveryFieldAndLeavesNoObjectOpen(String name) {
    List<String> faults = new ArrayList<>();
    findFaults(JsonOutput.read(Schemas.text(name).orElseThrow()), name, faults);
    assertThat(faults).isEmpty();
  }

  private static void findFaults(JsonNode schema, String where, List<String> faults) {
    boolean refinement = !schema.has("description");
    JsonNode properties = schema.path("properties");
    if (!refinement && properties.isObject()) {
      if (!schema.has("additionalProperties") && !schema.has("unevaluatedProperties")) {
        faults.add(where + " is open");
      }
      properties
          .propertyStream()
          .filter(each -> each.getValue().isObject())
          .filter(each -> each.getValue().path("description").asString("").length() < 5)
          .forEach(each -> faults.add(where + "." + each.getKey() + " is not described"));
    }
    schema
        .propertyStream()
        .forEach(each -> findFaults(each.getValue(), where + "." + each.getKey(), faults));
    if (schema.isArray()) {
      schema.forEach(each -> findFaults(each, where + "[]", faults));
    }
  }

  /** What has one name in several schemas is the same in all. */
  @Test
  void definitionsOfOneNameAreEqual() {
    Map<String, JsonNode> definitions = new HashMap<>();
    for (String name : List.of("verify", "sign", "digest", "pkcs11-list")) {
      JsonOutput.read(Schemas.text(name).orElseThrow())
          .get("$defs")
          .propertyStream()
          .forEach(each ->
              assertThat(definitions.merge(each.getKey(), each.getValue(), (one, other) -> one))
                  .as(each.getKey() + " of " + name)
                  .isEqualTo(each.getValue()));
    }
  }

  /** The one that the launcher prints where the program does not start. */
  @ParameterizedTest
  @MethodSource("names")
  void takeTheObjectOfTheLauncher(String name) {
    JsonOutput.assertValid(name, JsonOutput.read(LAUNCHER));
  }

  /** The page has every field that an object begins with, and its examples are by the schemas. */
  @Test
  void theDocumentSaysWhatTheSchemasSay() throws IOException {
    Path root = Path.of(System.getProperty("modelsigning.root", ".."));
    String text = Files.readString(root.resolve("docs/json.md"));
    int examples = 0;
    for (String section : text.split("\n## ", -1)) {
      String name = section.substring(0, section.indexOf('\n')).replace(' ', '-');
      String[] blocks = section.split("```json\n", -1);
      for (int i = 1; i < blocks.length; i++) {
        JsonNode example = JsonOutput.read(blocks[i].substring(0, blocks[i].indexOf("```")));
        JsonOutput.assertValid(names().contains(name) ? name : "verify", example);
        examples++;
      }
    }
    assertThat(examples).isEqualTo(5);
    for (String definition :
        List.of("sign/signed", "sign/notSigned", "verify/verdict", "verify/verdicts")) {
      JsonOutput.read(Schemas.text(definition.replaceFirst("/.*", "")).orElseThrow())
          .at("/$defs/" + definition.replaceFirst(".*/", "") + "/properties")
          .propertyNames()
          .forEach(field -> assertThat(text).contains("`" + field + "`"));
    }
  }

  // --- that the checking can fail

  /** Outputs of real runs, each with the words of its command. */
  private Map<List<String>, String> outputs() throws IOException {
    String key = workspace.publicKey().toString();
    String model = workspace.model().toString();
    String signature = workspace.signature().toString();
    workspace.write("model/.git/x", "x");
    Map<List<String>, String> outputs = new HashMap<>();
    List<String> verify =
        List.of(
            "verify", "key", model, "--signature", signature, "--public-key", key, "--format=json");
    run(verify, outputs);
    List<String> listing = new ArrayList<>(verify);
    listing.add("--list-files");
    run(listing, outputs);
    run(List.of("digest", model, "--format=json", "--shard-size=3"), outputs);
    run(List.of("digest", model + "x", "--format=json"), outputs);
    run(List.of("sign", "key", model, "--format=json"), outputs);
    run(
        List.of(
            "sign",
            "key",
            model,
            "--signature=" + directory.resolve("other.sig"),
            "--private-key=" + workspace.privateKey(),
            "--format=json"),
        outputs);
    attestations(model, signature, key, outputs);
    policies(model, outputs);
    workspace.write("model/extra", "x");
    workspace.write("model/config.json", "x");
    List<String> changed = new ArrayList<>(verify);
    changed.add("--quiet");
    run(changed, outputs);
    return outputs;
  }

  private void attestations(
      String model, String signature, String key, Map<List<String>, String> outputs)
      throws IOException {
    String type = "--predicate-type=https://example.com/checked/v1";
    run(
        List.of(
            "attest",
            "key",
            model,
            "--signature=" + signature,
            "--private-key=" + workspace.privateKey(),
            "--predicate=" + workspace.write("predicate.json", "{}"),
            type,
            "--format=json"),
        outputs);
    run(List.of("attest", "key", model, "--format=json"), outputs);
    Path claims = workspace.path("claims.jsonl");
    Files.writeString(claims, Files.readString(claims) + "x\n");
    List<String> verify =
        List.of(
            "verify-attestation",
            "key",
            model,
            "--signature=" + signature,
            "--public-key=" + key,
            "--format=json");
    List<String> wanted = new ArrayList<>(verify);
    wanted.add(type);
    run(wanted, outputs);
    List<String> other = new ArrayList<>(verify);
    other.add("--predicate-type=slsa");
    run(other, outputs);
  }

  private void policies(String model, Map<List<String>, String> outputs) throws IOException {
    String start = "version: 1\nsigners: { us: { key: { public-key: key.pub } } }\nmodels:\n";
    String rule = "signatures: { of: us }, attestations: [ { type: slsa, by: us } ]";
    for (String rules :
        List.of(
            "  - { match: model, signatures: { of: us } }\n",
            "  - { match: model, " + rule + " }\n",
            "  - { match: model, mode: warn, " + rule + " }\n",
            "  - { match: other, signatures: { of: us } }\n",
            "  - { match: model, unknown: x }\n")) {
      Path policy = workspace.write("policy" + outputs.size() + ".yaml", start + rules);
      run(List.of("verify", "policy", model, "--policy=" + policy, "--format=json"), outputs);
      run(List.of("policy", "lint", policy.toString(), "--format=json"), outputs);
    }
    run(List.of("verify", "policy", model, "--format=json"), outputs);
    run(List.of("policy", "lint", "--format=json"), outputs);
  }

  private static void run(List<String> args, Map<List<String>, String> outputs) {
    outputs.put(args, Invocation.of(args.toArray()).out());
  }

  @Test
  void refuseWhatHasAFieldMoreOrAnotherType() throws IOException {
    outputs()
        .forEach((args, out) -> {
          String name = JsonOutput.schemaOf(args);
          assertThat(JsonOutput.errors(name, JsonOutput.read(out))).isEmpty();
          int objects = mutations(name, out, "");
          assertThat(objects).as(out).isPositive();
        });
  }

  /**
   * Spoils one thing after the other, which must be refused.
   *
   * @param pointer where to begin
   * @return how many things were spoilt
   */
  private static int mutations(String name, String out, String pointer) {
    int number = 0;
    JsonNode at = JsonOutput.read(out).at(pointer);
    if (at.isObject()) {
      // Maps have names of others; everything else is known field by field.
      if (!pointer.endsWith("/values")
          && !pointer.endsWith("/details")
          && !pointer.endsWith("/predicate")) {
        JsonNode more = JsonOutput.read(out);
        ((ObjectNode) more.at(pointer)).put("More", "x");
        assertRefused(name, more, pointer + " with one more");
        number++;
      }
      for (String field : at.propertyNames()) {
        JsonNode other = JsonOutput.read(out);
        boolean text = at.get(field).isString();
        ObjectNode changed = (ObjectNode) other.at(pointer);
        if (text) {
          changed.put(field, 7);
        } else {
          changed.put(field, "other");
        }
        assertRefused(name, other, pointer + "/" + field + " of another type");
        number += 1 + mutations(name, out, pointer + "/" + field);
      }
    } else if (at.isArray()) {
      for (int i = 0; i < at.size(); i++) {
        JsonNode other = JsonOutput.read(out);
        ((ArrayNode) other.at(pointer)).set(i, 7);
        assertRefused(name, other, pointer + "/" + i + " of another type");
        number += 1 + mutations(name, out, pointer + "/" + i);
      }
    }
    return number;
  }

  private static void assertRefused(String name, JsonNode json, String what) {
    assertThat(JsonOutput.errors(name, json)).as(what).isNotEmpty();
  }

  /** What is there in every success is required, and of a failure what says that it is one. */
  @Test
  void refuseWhatLacksAField() throws IOException {
    outputs()
        .forEach((args, out) -> {
          String name = JsonOutput.schemaOf(args);
          boolean failed = out.startsWith("{\"verified\":false");
          for (String field : JsonOutput.read(out).propertyNames()) {
            if (failed ? OF_FAILURES.contains(field) : !field.equals("fileList")) {
              JsonNode other = JsonOutput.read(out);
              ((ObjectNode) other).remove(field);
              assertRefused(name, other, field + " is absent from " + out);
            }
          }
        });
  }

  @ParameterizedTest
  @CsvSource({
    "/verified, yes",
    "/schemaVersion, 2",
    "/toolVersion, ''",
    "/reason, model mismatch",
    "/reason, acme/no",
    "/digest, sha256:00",
    "/signature/digest, md5:0123",
    "/signer/method, key",
    "/signer/method, CERTIFICATE",
    "/changed/0/modified, yesterday",
    "/changed/0/modified, 2026-13-01T00:00:00Z",
    "/changed/0/modified, 2026-01-01T00:00:00",
    "/changed/0/modified, +20260-01-01T00:00:00Z",
    "/notSigned/0/kind, file",
    "/notCovered/0/reason, GIT",
    "/findings/0/severity, error",
    "/findings/0/rule, x",
    "/serialization/hash, md5",
    "/serialization/method, shards"
  })
  void refuseAnotherValue(String pointer, String value) throws IOException {
    String out =
        outputs().values().stream().filter(each -> each.contains("\"changed\"")).findAny().get();
    JsonNode json = JsonOutput.read(out);
    int slash = pointer.lastIndexOf('/');
    ObjectNode parent = (ObjectNode) json.at(pointer.substring(0, slash));
    assertThat(parent.has(pointer.substring(slash + 1))).isTrue();
    parent.set(pointer.substring(slash + 1), StringNode.valueOf(value));

    assertRefused("verify", json, pointer);
  }

  /** Success and failure exclude each other, and a failure has a reason. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void refuseAVerdictThatContradictsItself(boolean verified) throws IOException {
    for (Map.Entry<List<String>, String> each : outputs().entrySet()) {
      JsonNode json = JsonOutput.read(each.getValue());
      if (json.has("verified") && json.get("verified").asBoolean() != verified) {
        ((ObjectNode) json).put("verified", verified);
        assertRefused(JsonOutput.schemaOf(each.getKey()), json, json.toString());
      }
    }
  }

  /** Verdicts about many models are in one object. */
  @Test
  void takeVerdictsAboutManyModels() throws IOException {
    String good = "";
    String bad = "";
    for (String each : outputs().values()) {
      boolean one = !each.contains("\"attestations\":") && !each.contains("\"policy\":");
      good = one && each.startsWith("{\"verified\":true") ? each.strip() : good;
      bad = each.contains("MODEL_MISMATCH") ? each.strip() : bad;
    }
    many(true, "", good).forEach(JsonOutput::assertValid);
    many(false, "", good + "," + bad).forEach(JsonOutput::assertValid);
    many(false, "\"reason\":\"NO_MODELS\",\"message\":\"none\",", "")
        .forEach(JsonOutput::assertValid);
    many(true, "", "").forEach((name, json) -> assertRefused(name, json, "none"));
    many(true, "", bad).forEach((name, json) -> assertRefused(name, json, "one that is not"));
    many(false, "", good).forEach((name, json) -> assertRefused(name, json, "no reason"));
    many(false, "\"reason\":\"NO_MODELS\",", "")
        .forEach((name, json) -> assertRefused(name, json, "no message"));
  }

  private static Map<String, JsonNode> many(boolean verified, String reason, String models) {
    return Map.of(
        "verify",
        JsonOutput.read(
            "{\"verified\":"
                + verified
                + ",\"schemaVersion\":1,\"toolVersion\":\"1\",\"directory\":\"d\","
                + "\"signatureName\":\"model.sig\","
                + reason
                + "\"models\":["
                + models
                + "]}"));
  }

  /** What every test's runs are checked by refuses what is no output for programs. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "{}\n",
        "Verification succeeded\n",
        LAUNCHER,
        LAUNCHER + LAUNCHER + "\n",
        LAUNCHER + "\n" + LAUNCHER + "\n",
        "note\n" + LAUNCHER + "\n",
        "{\"verified\":true,\"schemaVersion\":1,\"toolVersion\":\"1\",\"model\":\"\"}\n",
        "{\"verified\":false,\"verified\":false,\"schemaVersion\":1,\"toolVersion\":\"1\","
            + "\"model\":\"\",\"reason\":\"IO_ERROR\",\"message\":\"\"}\n",
        "{\"verified\":false,\"schemaVersion\":1,\"toolVersion\":\"1\",\"model\":\"\u00e9\","
            + "\"reason\":\"IO_ERROR\",\"message\":\"\"}\n"
      })
  void everyRunIsChecked(String out) {
    for (String command : List.of("verify", "sign", "digest", "pkcs11 list", "nothing")) {
      List<String> args = new ArrayList<>(List.of(command.split(" ")));
      args.add("--format=json");
      assertThatThrownBy(() -> Invocation.ended(args, 1, out, ""))
          .isInstanceOfAny(AssertionError.class, RuntimeException.class);
    }
  }

  @Test
  void aRunWhoseStatusSaysSomethingElseIsRefused() {
    List<String> args = List.of("verify", "key", "model", "--format", "json");
    Invocation.ended(args, 1, LAUNCHER + "\n", "");
    assertThatThrownBy(() -> Invocation.ended(args, 0, LAUNCHER + "\n", ""))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("exit status 0");
  }
}
