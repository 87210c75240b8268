package dev.modelsigning.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.finding.Severity;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.testing.SarifSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * A verdict as a SARIF log: valid according to the schema, and with a result for everything that a
 * gate must see.
 */
class SarifLogTest {

  @TempDir private Path directory;

  private SignedExample example;

  @BeforeEach
  void sign() throws Exception {
    example = SignedExample.in(directory);
  }

  private static JsonNode run(Verdict verdict) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    verdict.writeSarif(out, OptionalInt.of(verdict.isVerified() ? 0 : 1));
    return SarifSchema.requireValid(out.toString(StandardCharsets.UTF_8));
  }

  private static List<JsonNode> results(JsonNode run) {
    return StreamSupport.stream(run.get("results").spliterator(), false).toList();
  }

  private static List<String> lines(JsonNode run) {
    return results(run).stream()
        .map(result -> result.get("level").asString() + " " + result.get("ruleId").asString())
        .toList();
  }

  private static JsonNode artifact(JsonNode result) {
    return result.get("locations").get(0).get("physicalLocation").get("artifactLocation");
  }

  @Test
  void ofAVerifiedModelHasNoResultButWhatIsNotCovered() throws Exception {
    assertThat(results(run(example.verdict()))).isEmpty();

    Files.writeString(example.model().resolve(".gitignore"), "x");
    JsonNode run = run(example.verdict());

    assertThat(lines(run)).containsExactly("note FILE_NOT_COVERED");
    assertThat(artifact(results(run).get(0)).get("uri").asString()).isEqualTo(".gitignore");
    assertThat(run.get("invocations").get(0).get("executionSuccessful").asBoolean()).isTrue();
    assertThat(run.get("invocations").get(0).get("exitCode").asInt()).isZero();
    assertThat(run.get("properties").get("verified").asBoolean()).isTrue();
    assertThat(run.get("properties").get("signer").get("method").asString()).isEqualTo("KEY");
  }

  @Test
  void ofAModelThatDiffersHasTheReasonAndAResultForEachDifference() throws Exception {
    Files.writeString(example.model().resolve("a"), "other");
    Files.delete(example.model().resolve("sub/b"));
    Files.writeString(example.model().resolve("sub/more"), "x");

    JsonNode run = run(example.verdict());

    assertThat(lines(run))
        .containsExactly(
            "error MODEL_MISMATCH",
            "error FILE_CHANGED",
            "error FILE_MISSING",
            "error FILE_NOT_SIGNED");
    assertThat(results(run).stream().skip(1).map(each -> artifact(each).get("uri").asString()))
        .containsExactly("a", "sub/b", "sub/more");
    assertThat(
            results(run).stream().skip(1).map(each -> artifact(each).get("uriBaseId").asString()))
        .containsOnly("MODEL");
    assertThat(run.get("originalUriBaseIds").get("MODEL").get("uri").asString())
        .isEqualTo(example.model().toUri().toString());
    assertThat(results(run).get(1).get("properties").get("expected").asString())
        .startsWith("sha256:");
    assertThat(run.get("properties").get("verified").asBoolean()).isFalse();
    assertThat(run.get("properties").get("reason").asString()).isEqualTo("MODEL_MISMATCH");
    assertThat(run.get("invocations").get(0).get("executionSuccessful").asBoolean()).isFalse();
    assertThat(run.get("invocations").get(0).get("exitCode").asInt()).isEqualTo(1);
  }

  /** Each result names its rule by number too, and each rule says what it means and what to do. */
  @Test
  void hasTheRulesOfItsResults() throws Exception {
    Files.delete(example.model().resolve("a"));
    Files.writeString(example.model().resolve(".gitignore"), "x");

    JsonNode run = run(example.verdict());

    JsonNode rules = run.get("tool").get("driver").get("rules");
    assertThat(rules.size()).isEqualTo(3);
    for (JsonNode result : results(run)) {
      JsonNode rule = rules.get(result.get("ruleIndex").asInt());
      assertThat(rule.get("id").asString()).isEqualTo(result.get("ruleId").asString());
      assertThat(rule.get("shortDescription").get("text").asString()).isNotBlank();
      assertThat(rule.get("help").get("text").asString()).isNotBlank();
      assertThat(rule.get("defaultConfiguration").get("level").asString())
          .isEqualTo(result.get("level").asString());
    }
  }

  /**
   * A name is a reference to this very file, whatever is in it, and its message cannot be seen
   * wrongly.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "100%25 sure.bin",
        "a b+c&d=e;f,g?h#i",
        "x:y@z[1]",
        "..hidden",
        "line\nfeed\u001b[31m",
        "\u202egnp.exe",
        "\u00fc/\u6a21\u578b\ud83d\ude00",
        "<script>alert(1)</script>",
        "[here](evil.example)",
        "[here\\](evil.example)",
        "[here\\\\](evil.example)",
        "quote\"back\\slash"
      })
  void refersToFilesOfAnyName(String name) throws Exception {
    Path file = example.model().resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "x");

    JsonNode run = run(example.verdict());

    JsonNode result = results(run).get(results(run).size() - 1);
    String uri = artifact(result).get("uri").asString();
    assertThat(uri).matches("[A-Za-z0-9._~/%-]+").doesNotContain("://");
    assertThat(Path.of(example.model().toUri().resolve(URI.create(uri)))).isEqualTo(file);
    String message = result.get("message").get("text").asString();
    assertThat(message)
        .doesNotContain("\n", "\u001b", "\u202e")
        .doesNotContainPattern("(?<!\\\\)(\\\\\\\\)*]\\(");
    assertThat(result.get("properties").get("name").asString()).isEqualTo(name);
  }

  /** A store can have names that lead out of the model; a reference must not. */
  @ParameterizedTest
  @ValueSource(strings = {"../../etc/passwd", "a/../../b", "/etc/passwd", "a//b", ".", "..", ""})
  void refersToTheModelWhereANameLeadsElsewhere(String name) throws Exception {
    Verdict verdict =
        Verdict.failed(
            "models/m",
            Finding.of(new Rule("ODD", Severity.ERROR, "t", "h"), "odd").withFile(name));

    JsonNode run = run(verdict);

    assertThat(artifact(results(run).get(0)).get("uri").asString()).isEqualTo("models/m");
    assertThat(artifact(results(run).get(0)).get("uriBaseId").asString()).isEqualTo("%SRCROOT%");
  }

  @ParameterizedTest
  @CsvSource({
    "m, m/, %SRCROOT%",
    "../a b, ../a%20b/, %SRCROOT%",
    "a:b, a%3Ab/, %SRCROOT%",
    "/m/100%, file:///m/100%25/, ",
    "s3://bucket/m, s3://bucket/m/, ",
    "s3://bucket/m at http://127.0.0.1:7470, s3://bucket/m/, ",
    "s3://bucket/m%20m/ at https://store.example/s3, s3://bucket/m%2520m/, ",
    "s3://bucket/m at n, s3://bucket/m%20at%20n/, ",
    "s3://bucket, s3://bucket/, ",
    "s3://bucket/m m, s3://bucket/m%20m/, ",
    "gs://bucket/m m, gs%3A//bucket/m%20m/, %SRCROOT%"
  })
  void saysWhereTheModelIs(String model, String uri, String base) throws Exception {
    JsonNode place =
        run(Verdict.failed(model, new IOException("gone"))).get("originalUriBaseIds").get("MODEL");

    assertThat(place.get("uri").asString()).isEqualTo(uri);
    assertThat(place.has("uriBaseId") ? place.get("uriBaseId").asString() : null).isEqualTo(base);
  }

  @Test
  void ofAModelOfOneFileRefersToIt() throws Exception {
    Path file = Files.writeString(directory.resolve("one.bin"), "alpha");
    Path signature = example.sign(file);
    Files.writeString(file, "other");

    JsonNode run =
        run(
            Verdict.of(
                ModelVerifier.using(example.verifier())
                    .examine(DirectorySource.of(file), signature)));

    assertThat(lines(run)).containsExactly("error MODEL_MISMATCH", "error FILE_CHANGED");
    assertThat(results(run))
        .allSatisfy(each ->
            assertThat(artifact(each).get("uri").asString()).isEqualTo(file.toUri().toString()));
    assertThat(run.has("originalUriBaseIds")).isFalse();
  }

  @Test
  void ofFailuresBeforeTheModelWasReadHasTheReason() throws Exception {
    for (Reason reason : Reason.values()) {
      JsonNode run = run(Verdict.failed("m", new VerificationException(reason, "it was so")));
      assertThat(lines(run)).containsExactly("error " + reason.rule().code());
      assertThat(results(run).get(0).get("message").get("text").asString()).isEqualTo("it was so");
    }
  }

  /** If the model is unknown, there is no location. */
  @Test
  void ofWrongUsageHasAResultToo() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Verdict.failed("", Finding.of(Rules.IO_ERROR, "no")).writeSarif(out, OptionalInt.empty());
    JsonNode run = SarifSchema.requireValid(out.toString(StandardCharsets.UTF_8));

    assertThat(lines(run)).containsExactly("error IO_ERROR");
    assertThat(results(run).get(0).has("locations")).isFalse();
    assertThat(run.get("invocations").get(0).has("exitCode")).isFalse();
  }
}
