package dev.modelsigning.cli.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.vectors.VectorSet;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an incomplete or misspelt command line is told about methods and commands. */
class MethodHintTest {

  private static final String DEFAULT = "Without a method, 'verify' is 'verify sigstore'.";

  private static final String LOOKS = "It looks as if it was signed with ";

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void makeWorkspace() throws Exception {
    workspace = Workspace.in(directory);
    workspace.sign().assertSucceeded();
  }

  private String keyCommand() {
    return LOOKS
        + "a bare key. The command for that: model-signing verify key "
        + workspace.model()
        + " --signature "
        + workspace.signature()
        + " --public-key PUBLIC_KEY\n";
  }

  @Test
  void namesTheDefaultMethodIfNoneWasGiven() {
    Invocation.of("verify", workspace.model())
        .assertUsage(
            "Missing required options: ",
            DEFAULT + " The others: verify key, verify certificate, verify policy\n",
            "Usage: model-signing verify sigstore ");
  }

  @Test
  void namesTheDefaultMethodForAnUnknownOption() {
    Invocation.of("sign", workspace.model(), "--frobnicate")
        .assertUsage(
            "Unknown option: ",
            "Without a method, 'sign' is 'sign sigstore'. The others: sign key, sign certificate,"
                + " sign pkcs11-key, sign pkcs11-certificate\n");
  }

  @Test
  void doesNotExplainAMethodThatWasGiven() {
    assertThat(Invocation.of("verify", "sigstore", workspace.model()).assertUsage().err())
        .doesNotContain("Without a method");
  }

  @Test
  void namesTheCommandForASignatureByAKey() {
    Invocation.of("verify", workspace.model(), "--signature", workspace.signature())
        .assertUsage("Missing required option: '--identity-provider=URL'", DEFAULT, keyCommand());
    Invocation.of("verify", "sigstore", workspace.model(), "--signature", workspace.signature())
        .assertUsage(keyCommand());
  }

  @ParameterizedTest
  @CsvSource({
    "certificate/chain.sigstore.json, a certificate, certificate",
    "sigstore/rekor-1.sigstore.json, Sigstore, sigstore"
  })
  void namesTheCommandForOtherSignatures(String bundle, String kind, String method) {
    Path signature = VectorSet.root().resolve(bundle);

    Invocation.of("verify", "key", workspace.model(), "--signature", signature)
        .assertUsage(
            "Missing required option: '--public-key=KEY'",
            LOOKS + kind + ". The command for that: model-signing verify " + method + " ");
  }

  @Test
  void saysNothingOfASignatureOfTheMethodThatWasGiven() {
    assertThat(
            Invocation.of("verify", "key", workspace.model(), "--signature", workspace.signature())
                .assertUsage()
                .err())
        .doesNotContain(LOOKS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "-----BEGIN PUBLIC KEY-----"})
  void saysNothingOfAFileThatIsNoSignature(String content) throws Exception {
    Files.writeString(workspace.signature(), content);

    assertThat(
            Invocation.of("verify", workspace.model(), "--signature", workspace.signature())
                .assertUsage("Missing required option")
                .err())
        .doesNotContain(LOOKS);
  }

  /** What stands in place of the model may be the value of an option that was misspelt. */
  @Test
  void doesNotShowAModelThatDoesNotExist() {
    Invocation run =
        Invocation.of("verify", "sigstore", "PaSsWoRd", "--signature", workspace.signature());

    run.assertUsage("model-signing verify key MODEL_PATH --signature ");
    assertThat(run.err()).doesNotContain("PaSsWoRd");
  }

  /** What follows a misspelt command is for that command. */
  @Test
  void namesOnlyTheMisspeltCommand() {
    assertThat(
            Invocation.of(
                    "verfy",
                    "key",
                    workspace.model(),
                    "--signature",
                    workspace.signature(),
                    "--public-key",
                    workspace.publicKey())
                .assertUsage()
                .err())
        .isEqualTo(
            """
            Error: Unknown command: 'verfy'
            Did you mean: verify?
            Try 'model-signing --help' for help.
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "version, --version",
    "keygen, generate-key",
    "genkey, generate-key",
    "pubkey, public-key",
    "show, inspect",
    "check, verify",
    "validate, verify",
    "help version, --version",
    "help keygen, generate-key",
    "verify key m --pubkey k, --public-key",
    "verify key m --pubkey=k, --public-key",
    "sign key m --privkey k, --private-key",
    "sign certificate m --cert k, '--signing-certificate, --certificate-chain'",
    "verify sigstore m --issuer k, --identity-provider"
  })
  void knowsTheNamesOfOtherTools(String command, String meant) {
    Invocation run = Invocation.of((Object[]) command.split(" "));

    run.assertUsage();
    assertThat(run.err()).containsIgnoringCase("did you mean").contains(" " + meant + "?");
  }
}
