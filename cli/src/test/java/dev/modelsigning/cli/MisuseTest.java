package dev.modelsigning.cli;

import static dev.modelsigning.cli.Workspace.SIGNING_FAILED;
import static dev.modelsigning.cli.Workspace.VERIFICATION_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.testing.PemFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Typical mistakes of users, and the messages for them. */
class MisuseTest {

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void signAModel() throws IOException {
    workspace = Workspace.in(directory);
    workspace.sign().assertSucceeded();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--strcit", "--no-allow-symlink"})
  void refusesAnUnknownOptionOfVerify(String option) {
    workspace.verify(option).assertUsage(option);
  }

  @Test
  void suggestsTheOptionThatWasMeant() {
    workspace.verify("--strcit").assertUsage("--strcit", "Did you mean", "--strict");
  }

  @Test
  void refusesASecondModel() throws Exception {
    workspace.verify(workspace.publicKey()).assertUsage(workspace.publicKey());
    workspace
        .changingNothing(() -> workspace.sign(workspace.publicKey()))
        .assertUsage(workspace.publicKey());
  }

  /** Three lines: what is wrong, what to do, where to read on. M is a model. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          sing key M | Unknown command: 'sing' | Did you mean: sign?
          pkcs11 lst | Unknown command: 'lst' | Did you mean: list?
          sign key M --signatur s --private-key k | Unknown option: '--signatur' | Did you mean: --signature?
          verify key M --sig s --public-key k | Missing required option: '--signature=FILE'; unknown option: '--sig' | Did you mean: --signature, --signature-name?
          verify key M --bundle=s --public-key k | Missing required option: '--signature=FILE'; unknown option: '--bundle' | Did you mean: --signature?
          verify certificate M --signature s --cert-chain c | Unknown option: '--cert-chain' | Did you mean: --certificate-chain?
          verify key M --signature s --public-key k --allow_unsigned_files | Unknown option: argument 8 (not shown, as it may be a secret) | Did you mean: --ignore-unsigned-files?
          verify key M --signature s --public-key k --certificate-chain c | Unknown option: '--certificate-chain' | '--certificate-chain' is an option of: verify certificate
          verify M --public_key k --signature s | Missing required option: '--identity-provider=URL'; unknown option: '--public_key' | '--public-key' is an option of: verify key
          verify sigstore M --signature s --oidc-issuer x | Missing required option: '--identity-provider=URL'; unknown option: '--oidc-issuer' | Did you mean: --identity-provider?
          sign M --identity-provider x | Unknown option: '--identity-provider' | '--identity-provider' is an option of: verify sigstore, verify-attestation sigstore, diff
          sign key M --private-key k --public-key p | Unknown option: '--public-key' | '--public-key' is an option of: verify key, verify-attestation key, diff, generate-key
          sign M --tsa-url http://x | Unknown option: '--tsa-url' | '--tsa-url' is an option of: sign key, sign certificate, sign pkcs11-key, sign pkcs11-certificate
          sign key M | Missing required option: '--private-key=KEY' | Usage: model-signing sign key --private-key=KEY [OPTION]... MODEL_PATH
          sign key M --private-key | Missing required parameter for option '--private-key' (KEY) | Usage: model-signing sign key --private-key=KEY [OPTION]... MODEL_PATH
          inspect | Missing required parameter: 'SIGNATURE' | Usage: model-signing inspect [OPTION]... SIGNATURE
          digest M other | Unmatched argument: argument 3 (not shown, as it may be a secret) | Usage: model-signing digest [OPTION]... MODEL_PATH
          """)
  void saysWhatIsWrongAndWhatToDo(String line, String wrong, String hint) {
    Object[] args =
        Arrays.stream(line.split(" "))
            .map(word -> word.equals("M") ? workspace.model() : word)
            .toArray();

    Invocation run = Invocation.of(args).assertUsage();

    assertThat(run.errorLines()).hasSize(3).startsWith("Error: " + wrong, hint);
    assertThat(run.errorLines().get(2)).matches("Try 'model-signing.* --help' for help\\.");
  }

  /** The message has it all. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "digest M --jobs x",
        "digest M --hash-algorithm md5",
        "digest M --shard-size 0",
        "verify key M --format jsn --signature s --public-key k",
        "sign key M --private-key k -x",
        "pkcs11",
        "help nonsense",
        "help sgin",
        "sign kye M",
        "sign pkcs11-key M",
        "quickstart"
      })
  void saysInTwoLinesWhatIsWrong(String line) {
    Object[] args =
        Arrays.stream(line.split(" "))
            .map(word -> word.equals("M") ? workspace.model() : word)
            .toArray();

    assertThat(Invocation.of(args).assertUsage().errorLines()).hasSize(2);
  }

  @Test
  void namesTheMisspeltOptionAndNotOnlyTheOneThatIsMissing() {
    Invocation.of(
            "verify",
            "key",
            workspace.model(),
            "--public-kye",
            workspace.publicKey(),
            "--signature",
            workspace.signature())
        .assertUsage("--public-kye");
  }

  @Test
  void leavesAModelNamedLikeACommandAlone() throws IOException {
    // Relative, so that the whole argument looks like the command generate-key.
    Invocation.of("digest", "generate_key")
        .assertFailed("Computing digest failed", "generate_key: no such file or directory");
  }

  @Test
  void leavesAValueNamedLikeAnOptionAlone() throws Exception {
    workspace.sign("--ignore-paths", "generate_key").assertSucceeded();

    assertThat(Invocation.of("inspect", workspace.signature()).assertSucceeded().out())
        .contains("generate_key");
  }

  @Test
  void takesAnArgumentThatBeginsWithAnAtSignForAPath() throws IOException {
    Path arguments = workspace.write("arguments", workspace.model().toString());

    Invocation.of("digest", "@" + arguments)
        .assertFailed("Computing digest failed", "@" + arguments + ": no such file or directory");
  }

  @Test
  void refusesAnEmptyModelPath() {
    // As from "$MODEL" where MODEL is not set; Java takes it for the current directory.
    Invocation.of("digest", "").assertUsage("MODEL_PATH");
  }

  @Test
  void namesTheVariableThatHoldsAnUnknownLogLevel() {
    Invocation.in(Map.of("MODEL_SIGNING_LOG_LEVEL", "loud"), "digest", workspace.model())
        .assertUsage("MODEL_SIGNING_LOG_LEVEL", "'loud'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "--version"})
  void helpsAlsoThoseWithAnUnknownLogLevelInTheEnvironment(String option) {
    Invocation.in(Map.of("MODEL_SIGNING_LOG_LEVEL", "loud"), option).assertSucceeded();
  }

  @Test
  void refusesAPathWithANulCharacter() {
    Invocation.of("digest", "a\u0000b").assertUsage("a\\u0000b");
  }

  @Test
  void escapesControlCharactersAlsoAtDebugLevel() {
    Invocation debug = workspace.signModel(workspace.path("\u001b[31m"), "--log-level", "DEBUG");

    assertThat(debug.err()).doesNotContain("\u001b");
  }

  @Test
  void helpFitsIntoEightyColumns() {
    // An example that picocli broke in the middle cannot be copied.
    assertThat(Invocation.of("sign", "key", "--help").assertSucceeded().out())
        .doesNotContain("\nthe\n")
        .doesNotContain("\nmy-model/");
    assertThat(Invocation.of("verify", "key", "--help").assertSucceeded().out())
        .doesNotContain("\n--strict\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"digest", "inspect", "diff", "completion"})
  void failsWhenTheOutputCannotBeWritten(String command) {
    PrintStream full =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("No space left on device");
              }
            },
            true,
            StandardCharsets.UTF_8);
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] args =
        switch (command) {
          case "digest" -> new String[] {command, workspace.model().toString()};
          case "inspect" -> new String[] {command, "--payload", workspace.signature().toString()};
          case "diff" ->
              new String[] {
                command, workspace.model().toString(), workspace.signature().toString()
              };
          default -> new String[] {command};
        };

    int status = Main.run(args, full, new PrintStream(err, true, StandardCharsets.UTF_8), Map.of());

    // Of diff, 1 would be an answer.
    assertThat(status).isEqualTo(command.equals("diff") ? 2 : 1);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("output");
  }

  @Test
  void saysThatASignatureIsNestedTooDeeplyInWordsForPeople() throws IOException {
    Files.writeString(
        workspace.signature(),
        "{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\","
            + "\"verificationMaterial\":{\"tlogEntries\":"
            + "[".repeat(200_000));

    Invocation refused = workspace.verify().assertFailed(VERIFICATION_FAILED, "64");
    assertThat(refused.err()).doesNotContain("StreamReadConstraints");
  }

  @Test
  void namesTheSignatureFileWhoseSignatureIsNotTrue() throws IOException {
    workspace.write("model/config.json", "[]");
    String other = Files.readString(workspace.signature());
    workspace.sign().assertSucceeded();
    String ours = Files.readString(workspace.signature());
    // The signature of one on the payload of the other.
    Files.writeString(
        workspace.signature(),
        ours.replaceAll(
            "\"sig\":\"[^\"]*\"", other.replaceAll("(?s).*(\"sig\":\"[^\"]*\").*", "$1")));

    workspace
        .verify()
        .assertFailed(
            VERIFICATION_FAILED,
            workspace.signature() + ": ",
            "does not verify with this key over this payload");
  }

  @Test
  void namesADirectoryInPlaceOfAKey() throws Exception {
    workspace
        .verifyWith(workspace.model())
        .assertFailed(VERIFICATION_FAILED, workspace.model() + ": ", "directory");
    workspace
        .changingNothing(() -> workspace.signWith(workspace.model()))
        .assertFailed(SIGNING_FAILED, workspace.model() + ": ", "directory");
  }

  @Test
  void saysWhatToDoAboutAModelThatIsALink() throws IOException {
    Path link = workspace.link("link", "model");

    Invocation refused =
        workspace.verifyModel(link).assertFailed(VERIFICATION_FAILED, link, "is a symbolic link");

    assertThat(refused.err()).doesNotContain("get it again from its publisher");
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing.pub", "key.pem"})
  void printsAJsonVerdictWhenTheKeyIsRefused(String key) {
    Invocation refused = workspace.verifyWith(workspace.path(key), "--format=json");

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out()).startsWith("{\"verified\":false,");
  }

  @Test
  void printsAJsonVerdictWhenAPathToIgnoreIsRefused() {
    Invocation refused = workspace.verify("--format=json", "--ignore-paths", workspace.publicKey());

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out()).startsWith("{\"verified\":false,");
  }

  @Test
  void namesAPasswordFileThatIsADirectory() throws Exception {
    Path key = PemFiles.writePkcs8(workspace.path("e.pem"), PemFiles.ec("secp256r1"), "pw");

    workspace
        .signWith(key, "--password-file", workspace.model())
        .assertFailed(SIGNING_FAILED, workspace.model() + ": ");
  }

  @Test
  void namesAPasswordFileThatIsNotText() throws Exception {
    Path key = PemFiles.writePkcs8(workspace.path("e.pem"), PemFiles.ec("secp256r1"), "pw");
    Path file = workspace.path("password.txt");
    Files.write(file, new byte[] {'p', (byte) 0xff, 'w'});

    workspace
        .signWith(key, "--password-file", file)
        .assertFailed(SIGNING_FAILED, file + ": ", "UTF-8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----\n",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n"
      })
  void saysThatAKeyIsDamagedInWordsForPeople(String content) throws Exception {
    Path file = workspace.write("garbage.pem", content);

    // Without the name of a Java class.
    workspace
        .changingNothing(() -> workspace.signWith(file))
        .assertFailed(SIGNING_FAILED, file + ": the private key is damaged");
  }

  @Test
  void refusesASignatureOverThePrivateKey() throws Exception {
    workspace
        .changingNothing(() -> workspace.signTo(workspace.privateKey()))
        .assertFailed(SIGNING_FAILED, workspace.privateKey(), "would replace a key");
  }

  @Test
  void makesNoPrivateKeyWhereThePublicKeyCannotBeWritten() throws Exception {
    Path missing = workspace.path("missing/new.pub");

    workspace
        .changingNothing(() ->
            Invocation.of(
                "generate-key",
                "--private-key",
                workspace.path("new.pem"),
                "--public-key",
                missing))
        .assertFailed("Generating keys failed with error", missing + ": ");
  }

  @Test
  void refusesOneFileForBothKeys() throws Exception {
    Path file = workspace.path("new.pem");

    Invocation refused =
        workspace.changingNothing(
            () -> Invocation.of("generate-key", "--private-key", file, "--public-key", file));

    assertThat(refused.status()).isPositive();
    assertThat(refused.err()).contains("--public-key").doesNotContain("Exception");
  }

  @Test
  void refusesOneFileForBothKeysHoweverItIsSpelled() throws Exception {
    Files.createDirectory(workspace.path("keys"));
    workspace.link("alias", "keys");
    Path file = workspace.path("keys/new.pem");
    for (String other : List.of("keys/./new.pem", "keys/../keys/new.pem", "alias/new.pem")) {
      workspace
          .changingNothing(() ->
              Invocation.of(
                  "generate-key", "--private-key", file, "--public-key", workspace.path(other)))
          .assertUsage("--private-key and --public-key are the same file");
    }
  }
}
