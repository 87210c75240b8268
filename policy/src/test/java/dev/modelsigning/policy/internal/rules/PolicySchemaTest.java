package dev.modelsigning.policy.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.modelsigning.policy.internal.tree.ListNode;
import dev.modelsigning.policy.internal.tree.MapNode;
import dev.modelsigning.policy.internal.tree.Node;
import dev.modelsigning.policy.internal.tree.TextNode;
import dev.modelsigning.policy.internal.tree.TreeReader;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The schema for editors says what the parser says, where a schema can know it. */
class PolicySchemaTest {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final String HEX = "0123456789abcdef".repeat(4);

  private static final String TEXT = text();

  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(TEXT);

  private static String text() {
    try (InputStream in =
        Objects.requireNonNull(
            PolicySchemaTest.class.getResourceAsStream(
                "/dev/modelsigning/policy/policy.schema.json"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What the schema has against a policy. */
  private static List<String> problems(String policy) throws MalformedPolicyException {
    Node tree = TreeReader.read("policy.yaml", policy.getBytes(StandardCharsets.UTF_8));
    return SCHEMA.validate(json(tree)).stream().map(Object::toString).toList();
  }

  /** As an editor reads it. */
  private static JsonNode json(Node node) {
    if (node instanceof MapNode map) {
      ObjectNode object = JSON.objectNode();
      map.entries().forEach((name, value) -> object.set(name, json(value)));
      return object;
    }
    if (node instanceof ListNode list) {
      ArrayNode array = JSON.arrayNode();
      list.items().forEach(item -> array.add(json(item)));
      return array;
    }
    String text = ((TextNode) node).text();
    return switch (node.kind()) {
      case "nothing" -> JSON.nullNode();
      case "a truth value" -> JSON.booleanNode(Boolean.parseBoolean(text));
      case "a number" -> JSON.numberNode(new BigDecimal(text));
      default -> JSON.stringNode(text);
    };
  }

  static Stream<String> accepted() {
    return Stream.of(
        Policies.BANK,
        "version: 1\nmodels: [{match: '**', mode: warn}]",
        "{\"version\": 1, \"signers\": {}, \"models\": [{\"match\": \"m\", \"mode\": \"warn\"}]}",
        "$schema: ./policy.schema.json\nversion: 1\nmodels: [{match: m, mode: warn}]",
        "{\"$schema\": \"s\", \"version\": 1, \"models\": [{\"match\": \"m\", \"mode\": \"warn\"}]}",
        Policies.withRule(""),
        Policies.withRule("mode: warn, max-age: 4w"),
        Policies.withRule("pin: {digest: 'sha256:" + HEX + "'}"),
        Policies.withRule("algorithms: {hash: [sha256, blake3], signature: ECDSA P-256}"),
        Policies.withRule("forbid: {code: all}"),
        Policies.withRule("forbid: {code: [auto_map, template], ignored-paths: none}"),
        Policies.withRule("forbid: {unsigned-files: false, symlinks: true}"),
        Policies.withAttestation("https://example.com/x", "require-names: true, max-age: 1d"),
        Policies.withAttestation("spdx", ""),
        Policies.withAttestation("cyclonedx", "licenses: {allow: MIT, deny: [GPL-3.0-only]}"),
        Policies.withAttestation("https://slsa.dev/provenance/v1", "builder: [x, y]"),
        Policies.withAttestation("test-result", "result: [PASSED, WARNED]"),
        Policies.withAttestation("vulns", "severity: none"),
        Policies.withAttestation("slsa", "base-models: {signed-by: [a, b]}"),
        Policies.withAttestation("cyclonedx", "datasets: {sensitive-data: none}"),
        Policies.withAttestation("vsa", "verifier: x, policy-digest: 'sha256:" + HEX + "'"),
        Policies.withSigner("{key: {public-key: ..k, timestamps: [/t.pem, t.pem]}}"),
        Policies.withSigner(
            "{certificate: {fingerprint: ['%s'], trust: a, revocation: if-known}}".formatted(HEX)),
        Policies.withSigner("{sigstore: {identity: i, issuer: u, trusted-root: r}}"),
        Policies.withSigner("{sigstore: {identity-regexp: 'a\\.b', issuer: u}}"),
        withPattern("a/**/b?/*c*/..d"),
        withPattern("registry.example:5000/m"));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void acceptsWhatTheParserAccepts(String policy) throws Exception {
    assertThatCode(() -> Policies.parse(policy)).as(policy).doesNotThrowAnyException();
    assertThat(problems(policy)).as(policy).isEmpty();
  }

  static Stream<String> refused() {
    List<String> policies =
        new ArrayList<>(
            List.of(
                "[]",
                "version: 1",
                "{version: 2, models: [{match: m, mode: warn}]}",
                "{version: '1', models: [{match: m, mode: warn}]}",
                "{version: 1, models: []}",
                "{version: 1, models: [{match: m}]}",
                "{version: 1, models: [{match: m, mode: enforce}]}",
                "{version: 1, models: [{match: m, mode: off}]}",
                "{version: 1, models: [{mode: warn}]}",
                "{$schema: 1, version: 1, models: [{match: m, mode: warn}]}",
                "{$schema: [s], version: 1, models: [{match: m, mode: warn}]}",
                "{version: 1, more: 1, models: [{match: m, mode: warn}]}",
                "{version: 1, models: [{$schema: s, match: m, mode: warn}]}"));
    for (String pattern :
        List.of("/m", "a/../b", "..", "./a", "a//b", "a/", "a**", "***/b", "a\\b")) {
      policies.add(withPattern(pattern));
    }
    for (String fields :
        List.of(
            "max_age: 1d",
            "max-age: 1",
            "max-age: 0d",
            "max-age: 1y",
            "pin: {digest: sha256:12}",
            "pin: {}",
            "algorithms: {hash: md5}",
            "algorithms: {}",
            "algorithms: {hash: [sha256, sha256]}",
            "forbid: {}",
            "forbid: {symlinks: yes}",
            "forbid: {symlinks: 'true'}",
            "forbid: {code: []}",
            "forbid: {code: pickel}",
            "attestations: []",
            "attestations: [{type: slsa}]",
            "attestations: [{by: a}]",
            "attestations: [{type: unknown, by: a}]",
            "attestations: [{type: 'https://model_signing/signature/v1.0', by: a}]")) {
      policies.add(Policies.withRule(fields));
    }
    for (String signatures :
        List.of(
            "{of: []}",
            "{of: [a, a]}",
            "{of: 1}",
            "{at-least: 1}",
            "{of: a, at-least: 0}",
            "{of: a, at-least: '1'}",
            "{of: a, must-include: []}",
            "a")) {
      policies.add(
          Policies.withSigners(
              "a: {key: {public-key: k}}", "{match: m, signatures: " + signatures + "}"));
    }
    policies.add(Policies.withAttestation("slsa", "licenses: {allow: MIT}"));
    policies.add(Policies.withAttestation("cyclonedx", "licenses: {}"));
    policies.add(Policies.withAttestation("cyclonedx", "builder: x"));
    policies.add(Policies.withAttestation("vsa", "result: PASSED"));
    policies.add(Policies.withAttestation("vulns", "severity: HIGH"));
    policies.add(Policies.withAttestation("spdx", "datasets: {signed-by: a}"));
    policies.add(Policies.withAttestation("cyclonedx", "datasets: {}"));
    policies.add(Policies.withAttestation("cyclonedx", "base-models: {}"));
    policies.add(Policies.withAttestation("slsa", "policy-digest: 'sha256:" + HEX + "'"));
    for (String signer :
        List.of(
            "{}",
            "{key: k}",
            "{key: {}}",
            "{key: {public-key: ../k}}",
            "{key: {public-key: ''}}",
            "{key: {public-key: k}, sigstore: {identity: i, issuer: u}}",
            "{certificate: {trust: c}}",
            "{certificate: {identity: i}}",
            "{certificate: {identity: i, trust: c, revocation: maybe}}",
            "{certificate: {fingerprint: 12ab, trust: c}}",
            "{sigstore: {issuer: u}}",
            "{sigstore: {identity: i}}",
            "{sigstore: {identity: i, identity-regexp: i, issuer: u}}")) {
      policies.add(Policies.withSigner(signer));
    }
    return policies.stream();
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesWhatTheParserRefuses(String policy) throws Exception {
    assertThat(Policies.refusal(policy)).as(policy).isNotNull();
    assertThat(problems(policy)).as(policy).isNotEmpty();
  }

  private static String withPattern(String pattern) {
    return "version: 1\nmodels: [{match: '" + pattern + "', mode: warn}]";
  }

  /** So that an editor explains every field, and marks every one that there is not. */
  @Test
  void everyMapIsClosedAndEveryFieldIsDescribed() {
    JsonNode whole = JsonMapper.shared().readTree(TEXT);
    requireClosed(whole, whole.get("$defs"), "");
  }

  private static void requireClosed(JsonNode schema, JsonNode definitions, String path) {
    if (schema.has("properties") && !path.contains("/dependentSchemas/") && !path.endsWith("/if")) {
      assertThat(schema.path("additionalProperties").asBoolean(true)).as(path).isFalse();
      schema
          .get("properties")
          .forEachEntry((name, field) -> {
            String target = field.path("$ref").asString("").replace("#/$defs/", "");
            assertThat(field.has("description") || definitions.path(target).has("description"))
                .as("a description of %s/%s", path, name)
                .isTrue();
          });
    }
    if (schema.isObject()) {
      schema.forEachEntry((name, value) -> requireClosed(value, definitions, path + "/" + name));
    } else if (schema.isArray()) {
      schema.forEach(value -> requireClosed(value, definitions, path + "/*"));
    }
  }
}
