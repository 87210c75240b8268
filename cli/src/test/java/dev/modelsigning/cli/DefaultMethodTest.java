package dev.modelsigning.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where no signing method is named, it is sigstore, if it cannot be anything else. The commands
 * here lack what they need, so they end before anything is hashed or anybody is asked.
 */
class DefaultMethodTest {

  private static final String OF_SIGNING = "Try 'model-signing sign sigstore --help' for help.";
  private static final String OF_VERIFYING = "Try 'model-signing verify sigstore --help' for help.";

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void makeWorkspace() throws Exception {
    workspace = Workspace.in(directory);
  }

  private Invocation run(Object... args) throws Exception {
    return workspace.changingNothing(() -> Invocation.of(args));
  }

  @Test
  void signsAModelThatExistsWithSigstore() throws Exception {
    run("sign", workspace.model(), "--rekor-version", 3)
        .assertUsage("--rekor-version must be 1 or 2", OF_SIGNING);
  }

  @Test
  void verifiesAModelThatExistsWithSigstore() throws Exception {
    run("verify", workspace.model()).assertUsage("'--identity-provider", OF_VERIFYING);
  }

  @Test
  void takesAnOptionBeforeTheModelForOneOfSigstore() throws Exception {
    run("sign", "--rekor-version", 3, workspace.model())
        .assertUsage("--rekor-version must be 1 or 2", OF_SIGNING);
  }

  @Test
  void takesAnOptionInPlaceOfTheModelForOneOfSigstore() throws Exception {
    run("verify", "--signature", workspace.signature(), "--identity-provider=i")
        .assertUsage("MODEL_PATH", OF_VERIFYING);
  }

  @Test
  void findsTheCommandBehindTheOptionsOfTheProgram() throws Exception {
    run("--log-level", "DEBUG", "sign", workspace.model(), "--rekor-version=3")
        .assertUsage("--rekor-version must be 1 or 2", OF_SIGNING);
    run("--log-level=DEBUG", "sign", workspace.model(), "--rekor-version=3")
        .assertUsage("--rekor-version must be 1 or 2", OF_SIGNING);
  }

  @Test
  void takesUnderscoresForHyphensWithoutAMethodToo() throws Exception {
    run("--log_level", "debug", "sign", "--rekor_version", 3, workspace.model())
        .assertUsage("--rekor-version must be 1 or 2", OF_SIGNING);
    run("sign", workspace.model(), "--rekor_version=3")
        .assertUsage("--rekor-version must be 1 or 2", OF_SIGNING);
  }

  @Test
  void takesUnderscoresForHyphensWithTheMethodNamed() throws Exception {
    run(
            "verify",
            "sigstore",
            workspace.model(),
            "--signature",
            workspace.signature(),
            "--identity_provider",
            "issuer",
            "--identity_regexp=(")
        .assertUsage("--identity-regexp: ", OF_VERIFYING);
  }

  @Test
  void leavesUnderscoresInTheNameOfAModel() throws Exception {
    Path model = Files.createDirectory(workspace.path("my_model"));
    run("sign", model, "--rekor-version", 3).assertUsage("--rekor-version must be", OF_SIGNING);
  }

  @ParameterizedTest
  @CsvSource({"sign,key", "sign,certificate", "verify,key", "verify,certificate"})
  void leavesAMethodThatIsNamed(String command, String method) throws Exception {
    run(command, method, workspace.model())
        .assertUsage("Try 'model-signing " + command + " " + method + " --help' for help.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sign", "verify"})
  void refusesAModelThatIsNotThere(String command) throws Exception {
    run(command, workspace.path("absent"), "--rekor-version", 3)
        .assertUsage(
            "'" + workspace.path("absent") + "' is neither a signing method nor a model",
            "Try 'model-signing " + command + " --help' for help.");
  }

  @Test
  void refusesAMisspeltMethodBeforeAModelThatExists() throws Exception {
    run("sign", "sigstroe", workspace.model())
        .assertUsage("'sigstroe' is neither a signing method nor a model that exists");
  }

  @Test
  void doesNotPrintControlCharactersOfAMisspeltMethod() throws Exception {
    run("verify", "\u001b[2Jkey").assertUsage("is neither a signing method nor a model");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sign", "verify"})
  void helpsWithTheGroupOfMethods(String command) {
    Invocation help = Invocation.of(command, "--help").assertSucceeded();

    assertThat(help.out())
        .startsWith("Usage: model-signing " + command + " [OPTION]... [METHOD] MODEL_PATH\n")
        .contains("Without METHOD: sigstore", "'model-signing " + command + " METHOD --help'")
        .containsPattern("(?m)^  sigstore +")
        .containsPattern("(?m)^  key +")
        .containsPattern("(?m)^  certificate +");
  }

  @Test
  void helpsWithSigstoreWhereTheModelStandsBeforeTheHelp() {
    assertThat(Invocation.of("sign", workspace.model(), "--help").assertSucceeded().out())
        .startsWith("Usage: model-signing sign sigstore ");
  }
}
