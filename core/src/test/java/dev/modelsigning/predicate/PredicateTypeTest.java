package dev.modelsigning.predicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.statement.Predicate;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.statement.Subject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Types by name and URI, and the forms that their specifications require. */
class PredicateTypeTest {

  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  /** Examples, mostly of the specifications, with one quotation mark for two. */
  static final Map<String, String> EXAMPLES =
      Map.of(
          "cyclonedx",
          """
          {'bomFormat': 'CycloneDX', 'specVersion': '1.6', 'version': 1,
           'serialNumber': 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
           'metadata': {'timestamp': '2026-01-01T00:00:00Z',
             'component': {'type': 'machine-learning-model', 'name': 'm', 'bom-ref': 'r'}},
           'components': [{'type': 'library', 'name': 'l', 'version': '1.0',
             'components': [{'type': 'file', 'name': 'inner'}]}]}
          """,
          "spdx",
          """
          {'@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
           '@graph': [{'type': 'CreationInfo', 'specVersion': '3.0.1'}]}
          """,
          "slsa",
          """
          {'buildDefinition': {'buildType': 'https://example.com/type',
             'externalParameters': {'any': ['thing', 1, null]},
             'internalParameters': {},
             'resolvedDependencies': [{'uri': 'git+https://github.com/o/r@refs/heads/main',
               'digest': {'gitCommit': '7fd1a60b01f91b314f59955a4e4d4e80d8edf11d'},
               'annotations': {'x': 1}}]},
           'runDetails': {'builder': {'id': 'https://example.com/builder', 'version': {'b': '1'},
               'builderDependencies': [{'content': 'eA=='}]},
             'metadata': {'invocationId': 'i', 'startedOn': '2026-01-01T00:00:00.5Z',
               'finishedOn': '2026-01-01T02:00:00+01:00'},
             'byproducts': [{'digest': {'sha256': '%s'}}]}}
          """
              .formatted("ab".repeat(32)),
          "vsa",
          """
          {'verifier': {'id': 'https://example.com/verifier', 'version': {'tool': '1'}},
           'timeVerified': '1985-04-12T23:20:50.52Z',
           'resourceUri': 'https://example.com/model',
           'policy': {'uri': 'https://example.com/policy', 'digest': {'sha256': '%1$s'}},
           'inputAttestations': [{'uri': 'https://example.com/a', 'digest': {'sha256': '%1$s'}}],
           'verificationResult': 'PASSED', 'verifiedLevels': ['SLSA_BUILD_LEVEL_3'],
           'dependencyLevels': {'SLSA_BUILD_LEVEL_2': 7}, 'slsaVersion': '1.0'}
          """
              .formatted("ab".repeat(32)),
          "test-result",
          """
          {'result': 'PASSED',
           'configuration': [{'name': '.github/workflows/ci.yml',
             'downloadLocation': 'https://github.com/in-toto/in-toto/blob/d20a/ci.yml',
             'digest': {'gitBlob': 'ebe4add40f63c3c98bc9b32ff1e736f04120b023'}}],
           'url': 'https://github.com/in-toto/in-toto/actions/runs/4425592351',
           'passedTests': ['build (3.7, ubuntu-latest, py)'], 'warnedTests': [],
           'failedTests': []}
          """,
          "vulns",
          """
          {'scanner': {'uri': 'pkg:github/aquasecurity/trivy@244fd47e07d1004f0aed9',
             'version': '0.19.2',
             'db': {'uri': 'pkg:github/aquasecurity/trivy-db/commit/4c76bb580b', 'version': 'v1',
               'lastUpdate': '2021-08-06T17:45:50.52Z'},
             'result': [{'id': 'CVE-123',
               'severity': [{'method': 'nvd', 'score': 'medium'}]}]},
           'metadata': {'scanStartedOn': '2021-08-06T17:45:50.52Z',
             'scanFinishedOn': '2021-08-06T17:50:50.52Z'}}
          """);

  @TempDir private Path directory;

  static byte[] bytes(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private static String require(String type, String text) throws MalformedPredicateException {
    return PredicateType.of(type).require(bytes(text), NOW);
  }

  static List<String> names() {
    return PredicateType.names();
  }

  @ParameterizedTest
  @CsvSource({
    "cyclonedx, https://cyclonedx.org/bom",
    "spdx, https://spdx.dev/Document/v3",
    "slsa, https://slsa.dev/provenance/v1",
    "vsa, https://slsa.dev/verification_summary/v1",
    "test-result, https://in-toto.io/attestation/test-result/v0.1",
    "vulns, https://in-toto.io/attestation/vulns/v0.2"
  })
  void shortNamesStandForUris(String name, String uri) {
    assertThat(PredicateType.names()).contains(name);
    assertThat(PredicateType.of(name).uri()).isEqualTo(uri);
    assertThat(PredicateType.of(uri)).isSameAs(PredicateType.of(name));
    assertThat(PredicateType.of(uri).name()).contains(name);
    assertThat(PredicateType.of(uri)).hasToString(uri);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com/mine/v1",
        "urn:example:x",
        "https://slsa.dev/provenance/v0.2"
      })
  void anyOtherUriIsAType(String uri) throws Exception {
    PredicateType type = PredicateType.of(uri);

    assertThat(type.uri()).isEqualTo(uri);
    assertThat(type.name()).isEmpty();
    assertThat(type).isEqualTo(PredicateType.of(uri)).hasSameHashCodeAs(PredicateType.of(uri));
    assertThat(type).isNotEqualTo(PredicateType.SLSA).isNotEqualTo(uri);
    assertThat(type.require(bytes("{ 'a' : [ 1 , null ] }"))).isEqualTo("{\"a\":[1,null]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "CycloneDX",
        "provenance",
        "slsa.dev/provenance/v1",
        "//example.com/x",
        "https://example.com/a b",
        "https://example.com/\u202e",
        "https://exämple.com/",
        "-",
      })
  void refusesWhatIsNoType(String text) {
    assertThatThrownBy(() -> PredicateType.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "expected a predicate type: a URI with a scheme, or one of cyclonedx, spdx, slsa, vsa,"
                + " test-result, vulns; found '");
  }

  @Test
  void refusesATypeThatIsTooLong() {
    String longest = "https://example.com/" + "x".repeat(980);

    assertThat(PredicateType.of(longest).uri()).hasSize(1_000);
    assertThatThrownBy(() -> PredicateType.of(longest + "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a predicate type");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://model_signing/signature/v1.0",
        "https://model_signing/Digests/v0.1",
        "https://model_signing/signature/v2.0",
        "HTTPS://Model_Signing/signature/v1.0"
      })
  void refusesTheTypesOfSignatures(String uri) {
    assertThatThrownBy(() -> PredicateType.of(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is the signature of a model");
  }

  @ParameterizedTest
  @CsvSource({
    "cyclonedx, https://cyclonedx.org/bom/v1.6, true",
    "cyclonedx, https://cyclonedx.org/bom/v1.3, false",
    "cyclonedx, https://cyclonedx.org/bom/v1x6, false",
    "cyclonedx, https://cyclonedx.org/bom, true",
    "spdx, https://spdx.dev/Document/v3.0.1, true",
    "spdx, https://spdx.dev/Document/v2.3, false",
    "spdx, https://spdx.dev/Document, false",
    "slsa, https://slsa.dev/provenance/v0.2, false",
    "slsa, https://slsa.dev/provenance/v1, true",
    "vulns, https://in-toto.io/attestation/vulns, false"
  })
  void knowsOtherSpellingsOfItsType(String name, String uri, boolean included) {
    assertThat(PredicateType.of(name).includes(uri)).isEqualTo(included);
  }

  @ParameterizedTest
  @MethodSource("names")
  void acceptsExamplesOfSpecifications(String name) throws Exception {
    String compact = require(name, EXAMPLES.get(name));

    assertThat(compact).doesNotContain("\n").startsWith("{\"");
    assertThat(require(name, compact)).isEqualTo(compact);
  }

  /** Each line: the type, what is replaced in its example, by what, and the message. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "cyclonedx | 'bomFormat': 'CycloneDX', | | predicate: bomFormat: is missing",
        "cyclonedx | 'CycloneDX' | 'SPDX' | predicate: bomFormat: expected CycloneDX, found 'SPDX'",
        "cyclonedx | '1.6' | '1.3' | predicate: specVersion: expected one of 1.4, 1.5, 1.6, 1.7,"
            + " found '1.3'",
        "cyclonedx | '1.6' | 1.6 | predicate: specVersion: expected a string, found a number",
        "cyclonedx | 'version': 1, | 'version': 0, | predicate: version: expected an integer from 1",
        "cyclonedx | urn:uuid:3e | urn:uuid:3E | predicate: serialNumber: expected a UUID such as",
        "cyclonedx | 2026-01-01T00:00:00Z | 2026-01-01 | predicate: metadata.timestamp: expected a"
            + " time such as 2026-01-31T12:00:00Z (RFC 3339), found '2026-01-01'",
        "cyclonedx | 'library' | 'Library' | predicate: components[0].type: expected one of"
            + " application, framework,",
        "cyclonedx | , 'name': 'inner' | | predicate: components[0].components[0].name: is missing",
        "cyclonedx | 'type': 'machine-learning-model', | | predicate: metadata.component.type: is"
            + " missing",
        "cyclonedx | 'bom-ref': 'r' | 'bom-ref': '' | predicate: metadata.component.bom-ref: must"
            + " not be empty",
        "cyclonedx | 'version': 1, | 'version': null, | predicate: version: expected a positive"
            + " integer, found null",
        "spdx | 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld' | 'https://schema.org' |"
            + " predicate: @context: expected the context of SPDX 3, such as"
            + " https://spdx.org/rdf/3.0.1/spdx-context.jsonld, found 'https://schema.org'",
        "spdx | 'type': 'CreationInfo', | | predicate: @graph[0].type: is missing",
        "spdx | {'type': 'CreationInfo', 'specVersion': '3.0.1'} | | predicate: @graph: must not be"
            + " empty",
        "spdx | '@graph' | '@graphs' | predicate: @graph: is missing",
        "spdx | '@context' | 'spdxVersion': 'SPDX-2.3', '@context' | predicate: spdxVersion: this is"
            + " a document of SPDX 2 ('SPDX-2.3'), whose predicate type is"
            + " https://spdx.dev/Document/v2.3; give that one",
        "slsa | 'id': 'https://example.com/builder', | | predicate: runDetails.builder.id: is"
            + " missing",
        "slsa | https://example.com/builder | builder | predicate: runDetails.builder.id: expected a"
            + " URI with a scheme (RFC 3986), found 'builder'",
        "slsa | https://example.com/builder | | predicate: runDetails.builder.id: must not be empty",
        "slsa | 'buildType': 'https://example.com/type', | | predicate: buildDefinition.buildType:"
            + " is missing",
        "slsa | 'externalParameters': {'any': ['thing', 1, null]}, | | predicate:"
            + " buildDefinition.externalParameters: is missing",
        "slsa | {'any': ['thing', 1, null]} | [] | predicate: buildDefinition.externalParameters:"
            + " expected an object, found an array",
        "slsa | 'runDetails' | 'details' | predicate: runDetails: is missing",
        "slsa | 'runDetails': | 'runDetails': null, 'x': | predicate: runDetails: is missing",
        "slsa | 2026-01-01T00:00:00.5Z | 2026-06-01T12:05:01Z | predicate:"
            + " runDetails.metadata.startedOn: the time 2026-06-01T12:05:01Z is in the future",
        "slsa | 2026-01-01T00:00:00.5Z | 2026-02-30T00:00:00Z | predicate:"
            + " runDetails.metadata.startedOn: expected a time",
        "slsa | 2026-01-01T00:00:00.5Z | 2026-01-01T00:00Z | predicate:"
            + " runDetails.metadata.startedOn: expected a time",
        "slsa | {'content': 'eA=='} | {'name': 'x'} | predicate:"
            + " runDetails.builder.builderDependencies[0]: expected at least one of uri, digest,"
            + " content",
        "slsa | 'sha256': 'ab | 'sha256': ' | predicate: runDetails.byproducts[0].digest.sha256:"
            + " expected 64 hexadecimal digits of sha256, found",
        "slsa | {'b': '1'} | {'b': 1} | predicate: runDetails.builder.version.b: expected a string",
        "vsa | 'verifier' | 'by' | predicate: verifier: is missing",
        "vsa | 'timeVerified': '1985-04-12T23:20:50.52Z', | | predicate: timeVerified: is missing",
        "vsa | 'resourceUri' | 'uri' | predicate: resourceUri: is missing",
        "vsa | 'uri': 'https://example.com/policy', | | predicate: policy.uri: is missing",
        "vsa | 'https://example.com/policy' | '/policies/gate' | predicate: policy.uri: expected a"
            + " URI with a scheme (RFC 3986), found '/policies/gate'",
        "vsa | 'https://example.com/policy' | 'policy.json' | predicate: policy.uri: expected a URI"
            + " with a scheme (RFC 3986), found 'policy.json'",
        "vsa | 'PASSED' | 'passed' | predicate: verificationResult: expected one of PASSED, FAILED,"
            + " found 'passed'",
        "vsa | 'verifiedLevels' | 'levels' | predicate: verifiedLevels: is missing",
        "vsa | 'https://example.com/a', 'digest' | 'https://example.com/a', 'digests' | predicate:"
            + " inputAttestations[0].digest: is missing",
        "vsa | '1.0' | 'one' | predicate: slsaVersion: expected a version such as 1.0, found 'one'",
        "test-result | 'PASSED' | 'OK' | predicate: result: expected one of PASSED, WARNED, FAILED,"
            + " found 'OK'",
        "test-result | 'configuration' | 'config' | predicate: configuration: is missing",
        "test-result | ['build (3.7, ubuntu-latest, py)'] | [1] | predicate: passedTests[0]:"
            + " expected a string, found a number",
        "test-result | 'https://github.com/in-toto/in-toto/actions/runs/4425592351' | 'here' |"
            + " predicate: url: expected a URI with a scheme (RFC 3986), found 'here'",
        "vulns | 'uri': 'pkg:github/aquasecurity/trivy@244fd47e07d1004f0aed9', | | predicate:"
            + " scanner.uri: is missing",
        "vulns | 'lastUpdate' | 'update' | predicate: scanner.db.lastUpdate: is missing",
        "vulns | 'db' | 'base' | predicate: scanner.db: is missing",
        "vulns | 'result' | 'results' | predicate: scanner.result: is missing",
        "vulns | 'id': 'CVE-123', | | predicate: scanner.result[0].id: is missing",
        "vulns | , 'score': 'medium' | | predicate: scanner.result[0].severity[0].score: is missing",
        "vulns | 'scanFinishedOn' | 'end' | predicate: metadata.scanFinishedOn: is missing",
        "vulns | 'metadata' | 'meta' | predicate: metadata: is missing",
      })
  void namesTheFieldThatIsWrong(String type, String from, String to, String message) {
    String wrong = EXAMPLES.get(type).replace(from, to == null ? "" : to);
    assertThat(wrong).isNotEqualTo(EXAMPLES.get(type));

    assertThatThrownBy(() -> require(type, wrong))
        .isInstanceOf(MalformedPredicateException.class)
        .hasMessageStartingWith(message);
  }

  /** Any URI, with any scheme: a ResourceURI need not be an address of the web. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:/policies/gate",
        "git+https://example.com/policies@refs/tags/v1#gate.rego",
        "oci://registry.example/policies:v1",
        "pkg:generic/gate@1",
        "urn:example:gate"
      })
  void acceptsAPolicyWhereverItIs(String uri) throws Exception {
    String vsa = EXAMPLES.get("vsa").replace("https://example.com/policy", uri);

    assertThat(require("vsa", vsa)).contains('"' + uri + '"');
  }

  @Test
  void acceptsATimeThatAClockMayShow() throws Exception {
    String vsa = EXAMPLES.get("vsa").replace("1985-04-12T23:20:50.52Z", "2026-06-01T12:05:00Z");

    assertThat(require("vsa", vsa)).contains("2026-06-01T12:05:00Z");
  }

  /** In-toto: unset, null and empty are equal. */
  @Test
  void nullIsAnAbsentFieldInPredicatesOfInToto() throws Exception {
    String slsa =
        EXAMPLES.get("slsa").replace("'internalParameters': {}", "'internalParameters': null");

    assertThat(require("slsa", slsa)).contains("\"internalParameters\":null");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | predicate: expected an object, found an array",
        "'text' | predicate: expected an object, found a string",
        "null | predicate: expected an object, found null",
        "{'a':1}{} | predicate: not valid JSON",
        "{'a':1,'a':2} | predicate: not valid JSON",
        "{'a':{'b':1,'\\u0062':2}} | predicate: not valid JSON",
        "{'a':'\\ud800'} | predicate: a: a string holds half of a surrogate pair",
        "{'a':NaN} | predicate: not valid JSON",
        "{'a':01} | predicate: not valid JSON",
        "{ | predicate: not valid JSON",
      })
  void refusesWhatIsNoJsonObject(String text, String message) {
    for (String type : List.of("https://example.com/mine", "slsa")) {
      if (type.equals("slsa") && text.startsWith("{'a':1}")) {
        continue; // its form is wrong first
      }
      assertThatThrownBy(() -> require(type, text))
          .isInstanceOf(MalformedPredicateException.class)
          .hasMessageStartingWith(message);
    }
  }

  @Test
  void refusesBytesThatAreNotUtf8OrEmpty() {
    assertThatThrownBy(() ->
            PredicateType.SLSA.require(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}))
        .isInstanceOf(MalformedPredicateException.class)
        .hasMessageStartingWith("predicate: ");
    assertThatThrownBy(() -> PredicateType.SLSA.require(new byte[0]))
        .isInstanceOf(MalformedPredicateException.class)
        .hasMessage("predicate: is empty");
  }

  @Test
  void refusesMoreThanSixteenMebibytes() throws Exception {
    PredicateType type = PredicateType.of("https://example.com/mine");
    String text = "{'a':'" + "x".repeat(PredicateType.MAX_SIZE - 8) + "'}";
    assertThat(bytes(text)).hasSize(PredicateType.MAX_SIZE);

    assertThat(type.require(bytes(text))).hasSize(PredicateType.MAX_SIZE);
    assertThatThrownBy(() -> type.require(bytes(text + " ")))
        .isInstanceOf(MalformedPredicateException.class)
        .hasMessage("predicate: expected at most 16777216 bytes, found 16777217");
  }

  @Test
  void refusesTooManyFieldsAndTooManyValues() {
    StringBuilder fields = new StringBuilder("{'a0':0");
    for (int i = 1; i <= 1_000; i++) {
      fields.append(",'a").append(i).append("':0");
    }
    String values = "{'a':[" + "1,".repeat(8_000_000) + "1]}";

    assertThatThrownBy(() -> require("https://example.com/mine", fields + "}"))
        .isInstanceOf(MalformedPredicateException.class)
        .hasMessageContaining("at most 1000 fields in an object");
    assertThatThrownBy(() -> require("https://example.com/mine", values))
        .isInstanceOf(MalformedPredicateException.class)
        .hasMessageContaining("expected at most 8000000");
  }

  /** The depth that is accepted is one that a statement with the predicate can have. */
  @Test
  void acceptsTheDepthThatAStatementLeaves() throws Exception {
    PredicateType type = PredicateType.of("https://example.com/mine");

    Statement statement =
        new Statement(
            List.of(new Subject("m", Map.of("sha256", "ab".repeat(32)))),
            type.uri(),
            new Predicate.Other(Optional.of(type.require(nested(62)))));
    assertThat(statement.toPayload().content().toArray()).isNotEmpty();
    assertThatThrownBy(() -> type.require(nested(63)))
        .isInstanceOf(MalformedPredicateException.class)
        .hasMessageContaining("nested deeper than 64");
  }

  private static byte[] nested(int arrays) {
    return bytes("{'a':" + "[".repeat(arrays) + "]".repeat(arrays) + "}");
  }

  @Test
  void readsAFileAndNamesItInMessages() throws Exception {
    Path file = directory.resolve("predicate.json");
    Files.writeString(file, "{\"result\": \"PASSED\"}");

    assertThat(PredicateType.of("urn:x:y").read(file)).isEqualTo("{\"result\":\"PASSED\"}");
    assertThatThrownBy(() -> PredicateType.TEST_RESULT.read(file))
        .isInstanceOf(MalformedPredicateException.class)
        .hasMessage(file + ": predicate: configuration: is missing");
  }
}
