package dev.modelsigning.cli.keys;

import static dev.modelsigning.cli.Workspace.SIGNING_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.cli.testing.PemFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Encrypted private keys, and the ways to supply their password. */
class PasswordTest {

  private static final String PASSWORD = "correct horse battery staple";
  private static final Map<String, String> ENVIRONMENT = Map.of("MODEL_SIGNING_PASSWORD", PASSWORD);

  @TempDir private Path directory;

  private Workspace workspace;
  private KeyPair pair;
  private Path encrypted;

  @BeforeEach
  void makeModelAndEncryptedKey() throws Exception {
    workspace = Workspace.in(directory);
    pair = PemFiles.ec("secp256r1");
    encrypted = PemFiles.writePkcs8(workspace.path("encrypted.pem"), pair, PASSWORD);
    PemFiles.writePublic(workspace.path("encrypted.pub"), pair);
  }

  private Invocation signIn(Map<String, String> environment, Object... more) {
    return workspace.signIn(environment, workspace.model(), encrypted, workspace.signature(), more);
  }

  private void assertSigned(Invocation signed) {
    signed.assertSucceeded();
    assertThat(signed.out() + signed.err()).doesNotContain(PASSWORD);
    workspace.verifyWith(workspace.path("encrypted.pub")).assertSucceeded();
  }

  private Invocation refuses(Map<String, String> environment, Object... more) throws Exception {
    Invocation refused = workspace.changingNothing(() -> signIn(environment, more));
    assertThat(refused.out() + refused.err()).doesNotContain(PASSWORD);
    return refused;
  }

  @Test
  void takesThePasswordFromTheCommandLine() {
    assertSigned(workspace.signWith(encrypted, "--password", PASSWORD));
  }

  @Test
  void takesThePasswordFromTheEnvironment() {
    assertSigned(signIn(ENVIRONMENT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n"})
  void takesThePasswordFromAFileAndDropsItsLineEnd(String lineEnd) throws Exception {
    Path file = workspace.write("password.txt", PASSWORD + lineEnd);

    assertSigned(workspace.signWith(encrypted, "--password-file", file));
  }

  @Test
  void decryptsKeysThatOpensslEncryptedInTheTraditionalWay() throws Exception {
    PemFiles.writeTraditional(encrypted, pair, PASSWORD);
    assertThat(Files.readString(encrypted)).contains("BEGIN EC PRIVATE KEY", "ENCRYPTED");

    assertSigned(signIn(ENVIRONMENT));
  }

  @Test
  void prefersThePasswordFileToTheEnvironment() throws Exception {
    Path file = workspace.write("password.txt", PASSWORD);

    assertSigned(signIn(Map.of("MODEL_SIGNING_PASSWORD", "wrong"), "--password-file", file));
  }

  @Test
  void prefersThePasswordOnTheCommandLineToTheEnvironment() {
    assertSigned(signIn(Map.of("MODEL_SIGNING_PASSWORD", "wrong"), "--password", PASSWORD));
  }

  @Test
  void needsNoPasswordForAKeyThatIsNotEncrypted() {
    workspace
        .signIn(ENVIRONMENT, workspace.model(), workspace.privateKey(), workspace.signature())
        .assertSucceeded();
  }

  @Test
  void refusesAWrongPasswordAndNamesTheKey() throws Exception {
    Invocation refused =
        refuses(Map.of(), "--password", "wrong-password")
            .assertFailed(SIGNING_FAILED, encrypted + ": the password is wrong");

    assertThat(refused.err()).doesNotContain("wrong-password");
  }

  @Test
  void refusesAWrongPasswordForAKeyEncryptedInTheTraditionalWay() throws Exception {
    PemFiles.writeTraditional(encrypted, pair, PASSWORD);

    refuses(Map.of("MODEL_SIGNING_PASSWORD", "wrong-password"))
        .assertFailed(SIGNING_FAILED, encrypted + ": the password is wrong");
  }

  @Test
  void refusesAnEmptyPassword() throws Exception {
    refuses(Map.of(), "--password", "").assertFailed(SIGNING_FAILED, encrypted + ": ", "password");
  }

  @Test
  void refusesAnEmptyPasswordFile() throws Exception {
    Path file = workspace.write("password.txt", "");

    refuses(Map.of(), "--password-file", file)
        .assertFailed(SIGNING_FAILED, encrypted + ": ", "password");
  }

  @Test
  void asksForAPasswordByNamingTheWaysToGiveIt() throws Exception {
    refuses(Map.of())
        .assertFailed(
            SIGNING_FAILED,
            encrypted + ": the private key is encrypted",
            "--password-file",
            "MODEL_SIGNING_PASSWORD");
  }

  @Test
  void takesAnEmptyVariableForNone() throws Exception {
    refuses(Map.of("MODEL_SIGNING_PASSWORD", ""))
        .assertFailed(SIGNING_FAILED, encrypted + ": the private key is encrypted");
  }

  @Test
  void refusesPasswordAndPasswordFileTogether() throws Exception {
    Path file = workspace.write("password.txt", PASSWORD);

    refuses(Map.of(), "--password", PASSWORD, "--password-file", file)
        .assertUsage("--password", "--password-file", "exclude each other");
  }

  @Test
  void refusesAMissingPasswordFileAndNamesIt() throws Exception {
    Path missing = workspace.path("missing.txt");

    refuses(Map.of(), "--password-file", missing)
        .assertFailed(SIGNING_FAILED, missing + ": no such file or directory");
  }
}
