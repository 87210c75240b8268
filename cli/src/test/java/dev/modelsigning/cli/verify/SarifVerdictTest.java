package dev.modelsigning.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.testing.SarifSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * A program that expects SARIF finds exactly one log, whatever happens, with an error unless the
 * model is verified.
 */
class SarifVerdictTest {

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void signAModel() throws IOException {
    workspace = Workspace.in(directory);
    workspace.sign().assertSucceeded();
  }

  private static List<String> errors(Invocation run) throws IOException {
    JsonNode log = SarifSchema.requireValid(run.out());
    return StreamSupport.stream(log.get("results").spliterator(), false)
        .filter(result -> result.get("level").asString().equals("error"))
        .map(result -> result.get("ruleId").asString())
        .toList();
  }

  private static void assertRefused(Invocation run, int status, String reason) throws IOException {
    assertThat(run.status()).isEqualTo(status);
    assertThat(errors(run)).containsExactly(reason);
    JsonNode log = SarifSchema.requireValid(run.out());
    assertThat(log.get("properties").get("verified").asBoolean()).isFalse();
    assertThat(log.get("invocations").get(0).get("executionSuccessful").asBoolean()).isFalse();
    assertThat(log.get("invocations").get(0).get("exitCode").asInt()).isEqualTo(status);
  }

  @Test
  void hasNoErrorIfTheModelIsVerified() throws Exception {
    Invocation run = workspace.verify("--format", "sarif").assertSucceeded();

    assertThat(errors(run)).isEmpty();
    assertThat(SarifSchema.requireValid(run.out()).get("properties").get("verified").asBoolean())
        .isTrue();
  }

  @Test
  void hasAnErrorForEachDifferenceAndOneForAll() throws Exception {
    workspace.write("model/config.json", "{ }");
    workspace.write("model/new 100%.bin", "x");
    Files.delete(workspace.path("model/weights/a.bin"));

    Invocation run = workspace.verify("--format=sarif");

    assertThat(run.status()).isEqualTo(1);
    assertThat(errors(run))
        .containsExactly("MODEL_MISMATCH", "FILE_CHANGED", "FILE_MISSING", "FILE_NOT_SIGNED");
    assertThat(run.out()).contains("\"uri\":\"new%20100%25.bin\"");
    assertThat(run.err()).startsWith(Workspace.VERIFICATION_FAILED);
  }

  @Test
  void hasAnErrorIfTheSignatureIsNotOne() throws Exception {
    Files.writeString(workspace.signature(), "{}");

    assertRefused(workspace.verify("--format", "sarif"), 1, "MALFORMED_BUNDLE");
  }

  @Test
  void hasAnErrorIfAFileIsNotThere() throws Exception {
    Files.delete(workspace.signature());
    assertRefused(workspace.verify("--format", "sarif"), 1, "IO_ERROR");

    assertRefused(workspace.verifyWith(workspace.signature(), "--format", "sarif"), 1, "IO_ERROR");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "verify --format sarif",
        "verify key --format=SARIF model",
        "verify kye model --format sarif",
        "verify key model --format sarif --nope",
        "verify key --help --format sarif",
        "--version --format sarif",
        "help --format sarif",
        "sign key model --format sarif",
        "digest model --format sarif",
        "verify key model --format json --format sarif",
        "verify key model --format sarif --signature --format json --public-key key.pub",
        "verify key --format sarif --signature model.sig --public-key key.pub -- --format=json more",
        "verify key --each . --signature-name model.sig --public-key key.pub --format sarif",
        "verify key model --signature model.sig --public-key key.pub --format sarif --list-files"
      })
  void saysThatTheUsageIsWrong(String line) throws Exception {
    assertRefused(Invocation.of((Object[]) line.split(" ")), 2, "WRONG_USAGE");
  }

  /** The last one counts, and there is one document only. */
  @Test
  void isNotThereWhereAnotherFormatIsTheLast() {
    assertThat(Invocation.of("verify", "key", "--format", "sarif", "--format", "json").out())
        .startsWith("{\"verified\":false,")
        .hasLineCount(1);
    assertThat(Invocation.of("verify", "key", "--format", "sarif", "--format", "text").out())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"OUT_OF_MEMORY", "INTERNAL_ERROR"})
  void saysThatAnErrorEndedIt(String reason) throws Exception {
    Error error = reason.equals("OUT_OF_MEMORY") ? new OutOfMemoryError() : new Error("other");
    Map<String, String> failing =
        new AbstractMap<>() {
          @Override
          public Set<Entry<String, String>> entrySet() {
            throw error;
          }
        };

    assertRefused(
        Invocation.in(
            failing,
            "verify",
            "key",
            workspace.model(),
            "--signature",
            workspace.signature(),
            "--public-key",
            workspace.publicKey(),
            "--format=sarif"),
        1,
        reason);
  }
}
