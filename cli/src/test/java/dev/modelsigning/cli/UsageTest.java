package dev.modelsigning.cli;

import static dev.modelsigning.cli.Workspace.SIGNING_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the command line is parsed, and the messages for misspelt options. */
class UsageTest {

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void makeModelAndKeys() throws IOException {
    workspace = Workspace.in(directory);
  }

  private Invocation refuses(Object... args) throws Exception {
    return workspace.changingNothing(() -> Invocation.of(args));
  }

  // Help

  @Test
  void showsTheHelpToThoseWhoAskForNothing() {
    Invocation nothing = Invocation.of();

    assertThat(nothing.status()).isEqualTo(2);
    assertThat(nothing.out()).isEmpty();
    assertThat(nothing.err())
        .startsWith("Usage: model-signing")
        .contains("sign", "verify", "digest", "Examples:");
  }

  /** All of them. */
  static Stream<String> commandsWithExamples() {
    return Stream.concat(Stream.of(""), Commands.ENTRIES.stream().map(Commands.Entry::name));
  }

  @ParameterizedTest
  @MethodSource("commandsWithExamples")
  void givesAnExampleInTheHelpOfEveryCommand(String command) {
    String line = command + " --help";

    Invocation help = Invocation.of((Object[]) line.strip().split(" ")).assertSucceeded();

    assertThat(help.out())
        .startsWith("Usage: " + ("model-signing " + command).strip() + " ")
        .containsPattern("(?m)^Examples?:$")
        .containsPattern("(?m)^  (source <\\()?model-signing " + command);
    assertThat(help.err()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("commandsWithExamples")
  void helpsWithEveryCommandByItsWords(String command) {
    String line = "help " + command;

    assertThat(Invocation.of((Object[]) line.strip().split(" ")).assertSucceeded().out())
        .isEqualTo(
            Invocation.of((Object[]) (command + " --help").strip().split(" "))
                .assertSucceeded()
                .out());
  }

  @Test
  void helpsWithNothingThatIsNoCommand() throws Exception {
    refuses("help", "sign", "kye").assertUsage("no such command: 'kye'; did you mean key?");
    refuses("help", "S3cret").assertUsage("there is no such command\n");
    refuses("help", "sign", "key", "model").assertUsage("there is no such command\n");
    refuses("verify", "kye", workspace.model()).assertUsage("did you mean key? methods are");
  }

  @Test
  void documentsTheExitStatus() {
    assertThat(Invocation.of("--help").assertSucceeded().out())
        .contains("Exit status: 0 success, 1 failure, 2 wrong usage.");
  }

  @Test
  void printsItsVersion() {
    assertThat(Invocation.of("--version").assertSucceeded().out())
        .startsWith("model-signing, version ");
  }

  // Typing errors

  @Test
  void suggestsTheCommandThatWasMeant() throws Exception {
    refuses("sing", "key", workspace.model())
        .assertUsage("'sing'", "Did you mean: sign", "Try 'model-signing --help'");
  }

  @ParameterizedTest
  @CsvSource({"sign,kye", "sign,sigstroe", "verify,kye", "verify,Key"})
  void doesNotTakeAMisspeltMethodForAnother(String command, String method) throws Exception {
    refuses(
            command,
            method,
            workspace.model(),
            "--private-key",
            workspace.privateKey(),
            "--signature",
            workspace.signature())
        .assertUsage(
            "'" + method + "' is neither a signing method nor a model that exists",
            "methods are: sigstore, key, certificate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sign", "verify"})
  void asksForTheModelAndNamesTheMethods(String command) throws Exception {
    refuses(command).assertUsage("no model given; methods are: sigstore, key, certificate");
  }

  @Test
  void namesTheMethodsOfAnOptionThatTheDefaultMethodOfSigningLacks() throws Exception {
    refuses(
            "sign",
            workspace.model(),
            "--private-key",
            workspace.privateKey(),
            "--signature",
            workspace.signature())
        .assertUsage(
            "'--private-key'", "'--private-key' is an option of: sign key, sign certificate");
  }

  @Test
  void namesTheMethodOfAnOptionThatTheDefaultMethodOfVerifyingLacks() throws Exception {
    refuses(
            "verify",
            workspace.model(),
            "--public_key=" + workspace.publicKey(),
            "--signature",
            workspace.signature())
        .assertUsage("'--identity-provider", "'--public-key' is an option of: verify key\n");
  }

  @Test
  void refusesAnUnknownOptionOfDigest() throws Exception {
    refuses("digest", workspace.model(), "--jbos=3")
        .assertUsage("Unknown option: '--jbos'\n", "Did you mean: --jobs?");
  }

  @Test
  void refusesASecondModelForDigest() throws Exception {
    refuses("digest", workspace.model(), workspace.publicKey())
        .assertUsage("'" + workspace.publicKey() + "'");
  }

  @ParameterizedTest
  @CsvSource({"sign,--private-key", "verify,--public-key"})
  void namesAMissingOptionAndShowsTheSynopsis(String command, String option) throws Exception {
    refuses(command, "key", workspace.model(), "--signature", workspace.signature())
        .assertUsage(
            "Missing required option: '" + option,
            "Usage: model-signing " + command + " key",
            "Try 'model-signing " + command + " key --help'");
  }

  /** The parser names all only if the first that is missing is an option. */
  @Test
  void namesAllThatIsMissing() throws Exception {
    refuses("verify", "key")
        .assertUsage(
            "Missing required options and parameters:"
                + " '--signature=FILE', 'MODEL_PATH', '--public-key=KEY'\n");
  }

  @Test
  void asksForTheModel() throws Exception {
    refuses("sign", "key", "--private-key", workspace.privateKey())
        .assertUsage("MODEL_PATH", "Usage: model-signing sign key");
  }

  @Test
  void verifiesNothingWithoutASignature() throws Exception {
    refuses("verify", "key", workspace.model(), "--public-key", workspace.publicKey())
        .assertUsage("Missing required option: '--signature");
  }

  @Test
  void takesTheLastOneOfAnOptionThatIsGivenTwice() {
    workspace.sign("--hash-algorithm", "blake3", "--hash-algorithm", "sha256").assertSucceeded();

    assertThat(Invocation.of("inspect", workspace.signature()).assertSucceeded().out())
        .contains("sha256")
        .doesNotContain("blake3");
  }

  @Test
  void refusesAnUnknownHashAlgorithmAndNamesThoseThereAre() throws Exception {
    Invocation refused =
        workspace
            .changingNothing(() -> workspace.sign("--hash-algorithm", "md5"))
            .assertUsage("--hash-algorithm", "'md5'");

    assertThat(refused.err()).containsIgnoringCase("sha256, blake2b or blake3");
  }

  @Test
  void refusesToBeStrictAndTolerantAtOnce() {
    workspace.sign().assertSucceeded();

    workspace
        .verify("--strict", "--ignore-unsigned-files")
        .assertUsage("--strict", "--ignore-unsigned-files", "exclude each other");
  }

  // Underscores

  @Test
  void takesUnderscoresForHyphensInOptions() {
    Invocation.of(
            "sign",
            "key",
            workspace.model(),
            "--private_key",
            workspace.privateKey(),
            "--signature",
            workspace.signature(),
            "--ignore_paths=weights/a.bin",
            "--no_ignore_git_paths",
            "--hash_algorithm=sha256")
        .assertSucceeded();

    assertThat(
            Invocation.of(
                    "verify",
                    "key",
                    workspace.model(),
                    "--public_key=" + workspace.publicKey(),
                    "--signature",
                    workspace.signature(),
                    "--ignore_unsigned_files",
                    "--log_level=info")
                .assertSucceeded()
                .out())
        .contains("2 files");
  }

  @Test
  void takesUnderscoresForHyphensInCommands() {
    Invocation.of(
            "generate_key",
            "--private_key",
            workspace.path("new.pem"),
            "--public_key",
            workspace.path("new.pub"))
        .assertSucceeded();
  }

  @Test
  void leavesUnderscoresInValuesAlone() throws IOException {
    Path model = workspace.write("my_model/file_name.bin", "x").getParent();

    assertThat(
            workspace
                .signModel(model, "--ignore-paths=not_there", "--ignore-paths", "nor_there")
                .assertSucceeded()
                .out())
        .contains("1 file");
    assertThat(Invocation.of("inspect", workspace.signature()).assertSucceeded().out())
        .contains("my_model", "file_name.bin", "not_there", "nor_there");
  }

  @Test
  void takesWhatFollowsTwoHyphensForTheModel() {
    // Not the option: there is no such model.
    Invocation.of("digest", "--", "--help")
        .assertFailed("Computing digest failed", "--help: no such file or directory");
  }

  // What is said

  @Test
  void saysNothingButTheResultAtWarningLevel() {
    Invocation signed = workspace.sign("--log-level", "WARNING").assertSucceeded();

    assertThat(signed.out()).isEqualTo("Signing succeeded" + System.lineSeparator());
  }

  @Test
  void warnsAtWarningLevelAndNotAtErrorLevel() {
    assertThat(workspace.sign("--shard-size=9", "--log-level=warning").assertSucceeded().err())
        .startsWith("warning: ");
    assertThat(workspace.sign("--shard-size=9", "--log-level=error").assertSucceeded().err())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"debug", "INFO", "Warning", "ERROR", "critical"})
  void takesTheLogLevelsOfThePythonToolInAnyCase(String level) {
    workspace.sign("--log-level", level).assertSucceeded();
  }

  @Test
  void takesTheLogLevelBeforeTheCommandAsThePythonToolDoes() {
    Invocation signed =
        Invocation.of(
                "--log-level",
                "ERROR",
                "sign",
                "key",
                workspace.model(),
                "--private-key",
                workspace.privateKey(),
                "--signature",
                workspace.signature())
            .assertSucceeded();

    assertThat(signed.out()).isEqualTo("Signing succeeded" + System.lineSeparator());
  }

  @Test
  void takesTheLogLevelFromTheEnvironment() {
    Invocation signed =
        workspace
            .signIn(
                Map.of("MODEL_SIGNING_LOG_LEVEL", "error"),
                workspace.model(),
                workspace.privateKey(),
                workspace.signature())
            .assertSucceeded();

    assertThat(signed.out()).isEqualTo("Signing succeeded" + System.lineSeparator());
  }

  @Test
  void prefersTheLogLevelOfTheCommandLineToTheEnvironment() {
    Invocation signed =
        workspace
            .signIn(
                Map.of("MODEL_SIGNING_LOG_LEVEL", "error"),
                workspace.model(),
                workspace.privateKey(),
                workspace.signature(),
                "--log-level=info")
            .assertSucceeded();

    assertThat(signed.out()).contains("  digest ");
  }

  @Test
  void takesAnEmptyLogLevelInTheEnvironmentForNone() {
    assertThat(
            Invocation.in(Map.of("MODEL_SIGNING_LOG_LEVEL", ""), "digest", workspace.model())
                .assertSucceeded()
                .err())
        .isEmpty();
  }

  @Test
  void refusesAnUnknownLogLevelAndNamesThoseThereAre() throws Exception {
    refuses("digest", workspace.model(), "--log-level", "loud")
        .assertUsage("--log-level", "'loud'", "DEBUG, INFO, WARNING, ERROR, CRITICAL");
  }

  @Test
  void refusesAnUnknownLogLevelInTheEnvironment() {
    Invocation.in(Map.of("MODEL_SIGNING_LOG_LEVEL", "loud"), "digest", workspace.model())
        .assertUsage("'loud'", "DEBUG, INFO, WARNING, ERROR, CRITICAL");
  }

  @Test
  void showsWhereAFailureCameFromAtDebugLevelOnly() {
    Path missing = workspace.path("missing");
    String info = workspace.signModel(missing).assertFailed(SIGNING_FAILED).err();

    Invocation debug = workspace.signModel(missing, "--log-level", "DEBUG");

    assertThat(info.lines()).hasSize(1);
    assertThat(debug.status()).isEqualTo(1);
    assertThat(debug.err()).startsWith(info).contains("  at dev.modelsigning.");
  }

  @Test
  void saysWhatFailedAlsoWhenQuiet() {
    Path missing = workspace.path("missing");

    workspace.signModel(missing, "--quiet").assertFailed(SIGNING_FAILED, missing);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "sign key model --private-key key.pem --signature -",
        "sign key model --private-key - --signature x.sig",
        "sign key model --private-key key.pem --signature=-",
        "sign key model --private-key key.pem --password-file -",
        "verify key model --public-key key.pub --signature -",
        "verify key model --public-key - --signature model.sig",
        "verify key - --public-key key.pub --signature model.sig",
        "inspect -",
        "digest -",
        "generate-key --private-key - --public-key key.pub",
        "sign certificate model --private-key k --signing-certificate - --signature x"
      })
  void refusesADashForAFile(String line) throws Exception {
    refuses((Object[]) line.split(" ")).assertUsage("'-' for standard input or output");
  }
}
