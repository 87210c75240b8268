package dev.modelsigning.cli.keys;

import static dev.modelsigning.cli.Workspace.SIGNING_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.testing.TimedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code generate-key} creates a pair that signs and verifies, and replaces no file. */
class GenerateKeyCommandTest {

  private static final String FAILED = "Generating keys failed with error";

  @TempDir private Path directory;

  private Workspace workspace;
  private Path privateKey;
  private Path publicKey;

  @BeforeEach
  void makeModel() throws IOException {
    workspace = Workspace.in(directory);
    privateKey = workspace.path("new.pem");
    publicKey = workspace.path("new.pub");
  }

  private Invocation generate(Object... more) {
    Object[] args = {"generate-key", "--private-key", privateKey, "--public-key", publicKey};
    Object[] all = Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return Invocation.of(all);
  }

  @ParameterizedTest
  @CsvSource({"P-256,P-256", "P-384,P-384", "P-521,P-521", "p-384,P-384"})
  void makesAPairThatSignsAndVerifies(String curve, String shown) {
    generate("--curve", curve).assertSucceeded();

    assertThat(workspace.signWith(privateKey).assertSucceeded().out())
        .contains("algorithm    ECDSA " + shown);
    workspace.verifyWith(publicKey).assertSucceeded();
  }

  @Test
  void makesAKeyOnP256ByDefault() {
    generate().assertSucceeded();

    assertThat(workspace.signWith(privateKey).assertSucceeded().out())
        .contains("algorithm    ECDSA P-256");
  }

  @Test
  void makesAnotherPairEachTime() throws IOException {
    generate().assertSucceeded();
    String first = Files.readString(privateKey);
    Files.delete(privateKey);
    Files.delete(publicKey);

    generate().assertSucceeded();

    assertThat(Files.readString(privateKey)).isNotEqualTo(first);
  }

  @Test
  void saysWhereTheKeysAreAndHowToRecogniseThem() {
    Invocation generated = generate().assertSucceeded();
    String fingerprint =
        generated
            .out()
            .lines()
            .filter(line -> line.startsWith("  fingerprint  "))
            .map(line -> line.substring(15))
            .findFirst()
            .orElseThrow();

    assertThat(generated.out())
        .startsWith("Key pair generated\n")
        .contains(privateKey + " (not encrypted; keep it secret)", publicKey.toString());
    assertThat(workspace.signWith(privateKey).assertSucceeded().out())
        .contains("key " + fingerprint);
  }

  @Test
  void neverPrintsThePrivateKey() throws IOException {
    Invocation generated = generate().assertSucceeded();

    String secret = Files.readAllLines(privateKey).get(1);
    assertThat(generated.out() + generated.err()).doesNotContain(secret);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "POSIX permissions")
  void makesThePrivateKeyReadableByItsOwnerOnly() throws IOException {
    generate().assertSucceeded();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(privateKey)))
        .isEqualTo("rw-------");
  }

  @Test
  void keepsAPrivateKeyThatExists() throws Exception {
    Files.writeString(privateKey, "precious");

    workspace
        .changingNothing(this::generate)
        .assertFailed(FAILED, privateKey + ": exists and is not replaced");
  }

  @Test
  void keepsAPublicKeyThatExistsAndMakesNoPrivateKey() throws Exception {
    Files.writeString(publicKey, "precious");

    workspace
        .changingNothing(this::generate)
        .assertFailed(FAILED, publicKey + ": exists and is not replaced");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "symbolic links")
  void doesNotWriteThroughADanglingLink() throws Exception {
    workspace.link("new.pem", "elsewhere");

    workspace.changingNothing(this::generate).assertFailed(FAILED, privateKey + ": exists");
  }

  @Test
  void namesADirectoryThatDoesNotExist() throws Exception {
    privateKey = workspace.path("missing/new.pem");

    workspace.changingNothing(this::generate).assertFailed(FAILED, privateKey + ": ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"P-192", "secp256k1", "Ed25519", ""})
  void refusesOtherCurvesAndNamesThoseThereAre(String curve) throws Exception {
    workspace
        .changingNothing(() -> generate("--curve", curve))
        .assertUsage("--curve", "P-256, P-384 or P-521", curve);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--private-key", "--public-key"})
  void needsBothFiles(String only) throws Exception {
    String other = only.equals("--private-key") ? "--public-key" : "--private-key";

    workspace
        .changingNothing(() -> Invocation.of("generate-key", only, privateKey))
        .assertUsage(other, "Usage: model-signing generate-key");
  }

  private Invocation generateIn(Map<String, String> environment, Object... more) {
    Object[] args = {"generate-key", "--private-key", privateKey, "--public-key", publicKey};
    return Invocation.in(environment, Stream.concat(Stream.of(args), Stream.of(more)).toArray());
  }

  @Test
  void encryptsWithThePasswordOfTheEnvironment() throws Exception {
    Map<String, String> environment = Map.of("MODEL_SIGNING_PASSWORD", "pässwörd \u20ac");

    Invocation generated = generateIn(environment).assertSucceeded();

    assertThat(generated.out()).contains(privateKey + " (encrypted; keep it secret)");
    assertThat(generated.out() + generated.err()).doesNotContain("wörd");
    assertThat(Files.readString(privateKey)).startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
    assertThat(Files.getPosixFilePermissions(privateKey)).hasSize(2);
    workspace
        .signIn(environment, workspace.model(), privateKey, workspace.signature())
        .assertSucceeded();
    workspace.verifyWith(publicKey).assertSucceeded();
    workspace.signWith(privateKey, "--password", "wrong").assertFailed(SIGNING_FAILED, "password");
  }

  @ParameterizedTest
  @ValueSource(strings = {"P-256", "P-384", "P-521"})
  void encryptsWithThePasswordOfAFileAsOpenSslReadsIt(String curve) throws Exception {
    Path file = workspace.write("password", "a b\u00e9\n");
    generate("--curve", curve, "--password-file", file).assertSucceeded();

    workspace.signWith(privateKey, "--password-file", file).assertSucceeded();
    workspace.verifyWith(publicKey).assertSucceeded();
    Process openssl =
        TimedProcess.start(
            new ProcessBuilder(
                    "openssl",
                    "pkey",
                    "-in",
                    privateKey.toString(),
                    "-passin",
                    "file:" + file,
                    "-pubout")
                .redirectErrorStream(true));
    assertThat(new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo(Files.readString(publicKey));
    assertThat(openssl.waitFor()).isZero();
  }

  @Test
  void refusesAnEmptyPasswordAndOneThatNobodyCanBeAskedFor() throws Exception {
    Path empty = workspace.write("empty", "\n");

    workspace
        .changingNothing(() -> generate("--password-file", empty))
        .assertFailed(FAILED, "the password for the new private key is empty");
    workspace
        .changingNothing(() -> generate("--encrypt"))
        .assertFailed(FAILED, "there is no terminal to ask for a password");
    workspace
        .changingNothing(() -> generate("--password-file", empty, "--password", "x"))
        .assertUsage("exclude each other");
    workspace
        .changingNothing(() -> generate("--password-file", privateKey))
        .assertUsage("a key and --password-file are the same file");
  }

  @Test
  void saysNothingIfItIsToBeQuiet() {
    assertThat(generate("-q").assertSucceeded().out()).isEmpty();
  }
}
