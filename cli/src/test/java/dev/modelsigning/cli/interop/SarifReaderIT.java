package dev.modelsigning.cli.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.testing.TimedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What others make of our SARIF: a reader of it looks for results, and a gate counts errors. */
@EnabledIf(
    value = "hasReader",
    disabledReason = "no reader of SARIF; run: integration/sarif/install .cache/sarif")
class SarifReaderIT {

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root"));

  @TempDir private Path directory;

  private KeyPair keys;
  private Path model;
  private Path signature;
  private Path log;

  /** Whether to run: if it is installed, or required. */
  static boolean hasReader() {
    return Files.isExecutable(reader())
        || System.getenv("MODEL_SIGNING_SARIF") != null
        || "true".equals(System.getenv("MODEL_SIGNING_REQUIRE_PEERS"));
  }

  private static Path reader() {
    String named = System.getenv("MODEL_SIGNING_SARIF");
    return named == null ? ROOT.resolve(".cache/sarif/bin/sarif") : Path.of(named);
  }

  @BeforeEach
  void sign() throws Exception {
    keys = KeyPair.generate(directory, "P-256");
    model = Files.createDirectories(directory.resolve("model"));
    Files.writeString(model.resolve("config.json"), "{}");
    Files.writeString(model.resolve("weights.bin"), "alpha");
    signature = directory.resolve("model.sig");
    log = directory.resolve("verdict.sarif");
    Client.java().sign(model, signature, keys.privateKey()).succeeds();
  }

  /** Verifies with standard output in a file, as a gate has it. */
  private int verify(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(Client.java().command());
    command.addAll(List.of("verify", "key", "model", "--format", "sarif"));
    command.addAll(List.of(options));
    return TimedProcess.start(
            new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(log.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD))
        .waitFor();
  }

  private int verifySigned() throws IOException, InterruptedException {
    return verify("--signature", signature.toString(), "--public-key", keys.publicKey().toString());
  }

  private Client.Outcome read(String... arguments) throws IOException, InterruptedException {
    Client client =
        new Client(List.of(reader().toString()), Map.of("MPLCONFIGDIR", directory.toString()), "");
    return client.run(directory, arguments);
  }

  private Client.Outcome count() throws IOException, InterruptedException {
    return read("--check", "error", "summary", log.toString());
  }

  @Test
  void aReaderFindsNoErrorInAVerifiedModel() throws Exception {
    Files.writeString(model.resolve(".gitignore"), "x");
    assertThat(verifySigned()).isZero();

    assertThat(count().succeeds().output())
        .contains("error: 0", "note: 1", "FILE_NOT_COVERED not covered: .gitignore");
  }

  @Test
  void aReaderFindsEachDifferenceWithItsFile() throws Exception {
    Files.writeString(model.resolve("config.json"), "[]");
    Files.delete(model.resolve("weights.bin"));
    Files.writeString(model.resolve("new 100%.bin"), "x");
    assertThat(verifySigned()).isEqualTo(1);

    Client.Outcome counted = count();
    assertThat(counted.exitCode()).isEqualTo(4);
    assertThat(counted.output()).contains("error: 4");
    read("csv", "-o", directory.resolve("out.csv").toString(), log.toString()).succeeds();
    assertThat(Files.readString(directory.resolve("out.csv")))
        .containsPattern("model-signing,error,FILE_CHANGED,.*,config\\.json,")
        .containsPattern("model-signing,error,FILE_MISSING,.*,weights\\.bin,")
        .containsPattern("model-signing,error,FILE_NOT_SIGNED,.*,new%20100%25\\.bin,")
        .containsPattern("model-signing,error,MODEL_MISMATCH,.*,model,");
  }

  @Test
  void aReaderFindsAnErrorWhereNothingWasVerified() throws Exception {
    assertThat(verify("--nope")).isEqualTo(2);

    Client.Outcome counted = count();
    assertThat(counted.exitCode()).isEqualTo(1);
    assertThat(counted.output()).contains("error: 1", "WRONG_USAGE");
  }
}
