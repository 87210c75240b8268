package dev.modelsigning.cli.keys;

import static dev.modelsigning.cli.Workspace.SIGNING_FAILED;
import static dev.modelsigning.cli.Workspace.VERIFICATION_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.kms.vault.TransitServer;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys at a service, named by a URI: what is shown of the service, and what never is. */
class ServiceKeysTest {

  private static final String KEY = "hashivault://models";

  @TempDir private Path directory;
  private Workspace workspace;
  private TransitServer server;
  private TestKeys keys;

  @BeforeEach
  void start() throws Exception {
    workspace = Workspace.in(directory);
    server = new TransitServer();
    keys = server.rotate("models", EcdsaScheme.P256);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private Invocation run(Object... args) {
    Invocation ended = Invocation.in(server.environment(), args);
    assertThat(ended.out() + ended.err()).doesNotContain(TransitServer.TOKEN);
    return ended;
  }

  private Invocation sign(String key, Object... more) {
    return run(
        with(
            more,
            "sign",
            "key",
            workspace.model(),
            "--signature",
            workspace.signature(),
            "--private-key",
            key));
  }

  private Invocation verify(Object key, Object... more) {
    return run(
        with(
            more,
            "verify",
            "key",
            workspace.model(),
            "--signature",
            workspace.signature(),
            "--public-key",
            key));
  }

  private static Object[] with(Object[] more, Object... first) {
    Object[] all = new Object[first.length + more.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }

  private String shown() {
    return "key service  " + server.address();
  }

  private String inJson() {
    return "\"keyService\":\"" + server.address() + "\"";
  }

  @Test
  void signsAndVerifiesAndNamesTheServiceThatWasAsked() {
    assertThat(sign(KEY).assertSucceeded().out()).contains(shown());
    assertThat(verify(KEY).assertSucceeded().out()).contains("Verification succeeded", shown());
    assertThat(sign(KEY, "--format", "json").assertSucceeded().out()).contains(inJson());
    assertThat(verify(KEY, "--format", "json").assertSucceeded().out())
        .contains("\"verified\":true", inJson());
  }

  @Test
  void needsNoServiceWithThePublicKeyInAFile() throws Exception {
    sign(KEY).assertSucceeded();
    Path file = workspace.write("models.pub", run("public-key", KEY).assertSucceeded().out());
    assertThat(file).hasContent(TestKeys.pem(keys.publicKey()));
    int asked = server.asked().size();
    assertThat(verify(file).assertSucceeded().out()).doesNotContain("key service");
    assertThat(server.asked()).hasSize(asked);
  }

  @Test
  void printsTheFingerprint() {
    assertThat(run("fingerprint", "openbao://models").assertSucceeded().out())
        .isEqualToIgnoringNewLines(TestKeys.fingerprint(keys.publicKey()));
  }

  @Test
  void attestsAndVerifiesAttestations() throws Exception {
    sign(KEY).assertSucceeded();
    Path predicate = workspace.write("predicate.json", "{\"a\":1}");
    Object[] attest = {
      "attest",
      "key",
      workspace.model(),
      "--signature",
      workspace.signature(),
      "--private-key",
      KEY,
      "--predicate-type",
      "https://example.com/a",
      "--predicate",
      predicate
    };
    assertThat(run(attest).assertSucceeded().out()).contains(shown());
    Object[] verify = {
      "verify-attestation",
      "key",
      workspace.model(),
      "--signature",
      workspace.signature(),
      "--public-key",
      KEY,
      "--predicate-type",
      "https://example.com/a"
    };
    assertThat(run(verify).assertSucceeded().out()).contains(shown());
    assertThat(run(with(new Object[] {"--format", "json"}, verify)).assertSucceeded().out())
        .contains(inJson());
    assertThat(run(with(new Object[] {"--format", "json"}, attest)).assertSucceeded().out())
        .contains(inJson());
    // The same signer, whether the key comes from the service or from a file.
    verify[6] = workspace.write("models.pub", TestKeys.pem(keys.publicKey()));
    assertThat(run(verify).assertSucceeded().out()).doesNotContain("key service");
  }

  @Test
  void namesTheServiceInAReport() throws Exception {
    sign(KEY).assertSucceeded();
    Path report = workspace.path("verdict.html");
    verify(KEY, "--report", report).assertSucceeded();
    assertThat(report).content().contains(server.address().toString());
  }

  @Test
  void signsNothingWithAKeyThatMayNot() throws Exception {
    server.answering("sys/capabilities-self", 200, "{\"data\":{\"capabilities\":[\"read\"]}}");
    // Hashing it would report that it cannot be hashed.
    Files.createSymbolicLink(workspace.model().resolve("link"), Path.of("nowhere"));
    sign(KEY).assertFailed(SIGNING_FAILED, "does not let this token sign", server.address());
    assertThat(workspace.signature()).doesNotExist();
    assertThat(server.asked()).noneMatch(line -> line.contains("/sign/"));
  }

  @Test
  void saysThatTheSignatureIsByAnEarlierVersion() throws Exception {
    sign(KEY).assertSucceeded();
    server.rotate("models", EcdsaScheme.P256);
    verify(KEY)
        .assertFailed(
            VERIFICATION_FAILED,
            "the bundle was signed with another key",
            "if it was rotated since, verify with the public key of that time, from a file");
    verify(workspace.write("models.pub", TestKeys.pem(keys.publicKey()))).assertSucceeded();
  }

  @Test
  void writesNoSignatureOverTheFileWithTheToken() throws Exception {
    Path token = workspace.write(".vault-token", TransitServer.TOKEN);
    Map<String, String> environment = new HashMap<>(server.environment());
    environment.remove("VAULT_TOKEN");
    environment.put("HOME", directory.toString());
    Object[] sign = {"sign", "key", workspace.model(), "--private-key", KEY, "--signature", token};
    Invocation.in(environment, sign).assertFailed(SIGNING_FAILED, ".vault-token");
    assertThat(token).hasContent(TransitServer.TOKEN);
    sign[6] = workspace.signature();
    Invocation.in(environment, sign).assertSucceeded();
  }

  @Test
  void warnsIfTheFileWithTheTokenIsSignedAsPartOfTheModel() throws Exception {
    workspace.write(".vault-token", TransitServer.TOKEN);
    workspace.write("model/backup", TransitServer.TOKEN);
    Map<String, String> environment = new HashMap<>(server.environment());
    environment.remove("VAULT_TOKEN");
    environment.put("HOME", directory.toString());
    Object[] sign = {
      "sign",
      "key",
      workspace.model(),
      "--private-key",
      KEY,
      "--signature",
      workspace.signature(),
      "--format",
      "json"
    };

    Invocation signed = Invocation.in(environment, sign).assertSucceeded();

    assertThat(signed.out()).contains("\"rule\":\"PRIVATE_KEY_IN_MODEL\"", "\"file\":\"backup\"");
    assertThat(signed.err())
        .contains("the file with credentials is in the model and is signed with it (as 'backup')")
        .doesNotContain(TransitServer.TOKEN);
    // A token that was not used is none of this run.
    assertThat(run(sign).assertSucceeded().out()).doesNotContain("PRIVATE_KEY_IN_MODEL");
  }

  @Test
  void showsNoTokenInAStackTraceIfTheServerSendsItBack() throws Exception {
    workspace.write("model.sig", "{}");
    String echo = "{\"data\":{\"type\":\"" + TransitServer.TOKEN + "\"}}";
    for (int status : new int[] {200, 307, 400, 403, 500}) {
      server.answering(
          "transit/keys/", status, echo, "Location: http://127.0.0.1:1/" + TransitServer.TOKEN);
      for (Invocation failed :
          new Invocation[] {
            sign(KEY, "--log-level", "DEBUG"),
            verify(KEY, "--log-level", "DEBUG"),
            verify(KEY, "--format", "json"),
            run("--log-level", "DEBUG", "public-key", KEY)
          }) {
        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.out() + failed.err()).contains("Vault at").doesNotContain("hvs.SECRET");
      }
    }
  }

  @Test
  void namesTheServiceOfTheKeyOfACertificate() throws Exception {
    TestCertificate root = TestCertificate.root("CN=Root");
    TestCertificate leaf =
        TestCertificate.named("CN=Release")
            .keys(new KeyPair(keys.publicKey(), keys.privateKey()))
            .signer()
            .issuedBy(root);
    Object[] sign = {
      "sign",
      "certificate",
      workspace.model(),
      "--signature",
      workspace.signature(),
      "--private-key",
      KEY,
      "--signing-certificate",
      TestCertificate.write(workspace.path("leaf.crt"), leaf)
    };

    assertThat(run(sign).assertSucceeded().out()).contains(shown());
    assertThat(run(with(new Object[] {"--format", "json"}, sign)).assertSucceeded().out())
        .contains(inJson());
    Object[] verify = {
      "verify",
      "certificate",
      workspace.model(),
      "--signature",
      workspace.signature(),
      "--certificate-chain",
      TestCertificate.write(workspace.path("root.crt"), root)
    };
    assertThat(run(verify).assertSucceeded().out()).doesNotContain("key service");
  }

  @Test
  void saysWhichVariableIsMissing() {
    Invocation.of("sign", "key", workspace.model(), "--private-key", KEY)
        .assertFailed(SIGNING_FAILED, "the variable VAULT_ADDR is not set");
    Invocation.of("public-key", "openbao://models")
        .assertFailed("Reading the key failed with error", "the variable BAO_ADDR is not set");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hashivault://user:HIDDEN@models",
        "hashivault://models?token=HIDDEN",
        "openbao://models#HIDDEN",
        "openbao://models/HIDDEN"
      })
  void neverShowsAUriThatMayContainASecret(String uri) throws Exception {
    workspace.write("model.sig", "{}");
    for (Invocation run :
        new Invocation[] {
          sign(uri, "--log-level", "DEBUG"),
          verify(uri),
          verify(uri, "--format", "json"),
          run("public-key", uri)
        }) {
      assertThat(run.out() + run.err()).doesNotContain("HIDDEN").contains("KEY, found one with a");
      assertThat(run.status()).isEqualTo(1);
    }
    assertThat(server.asked()).isEmpty();
  }
}
