package dev.modelsigning.cli.interop.sigstore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.cli.interop.Client;
import dev.modelsigning.testing.OnOneJdk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code sign sigstore} with real servers: sources of tokens, and failures. */
@WithSigstoreStack
@OnOneJdk
class SigstoreSigningIT {

  private static final String FAILED = "Signing failed with error: ";

  /** Enough for some attempts without a server, and far below all time-outs. */
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path directory;

  private Path model;
  private Path signature;

  @BeforeEach
  void makeModel() throws Exception {
    model = Files.createDirectory(directory.resolve("model"));
    Files.writeString(model.resolve("weights.bin"), "weights");
    signature = directory.resolve("model.sig");
  }

  private Client.Outcome sign(Client client, Path config, String... options) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "sign",
                model.toString(),
                "--signature",
                signature.toString(),
                "--trust-config",
                config.toString()));
    arguments.addAll(List.of(options));
    return client.run(directory, arguments.toArray(new String[0]));
  }

  private Client.Outcome verify(KeylessSigner signer, String... options) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "verify",
                model.toString(),
                "--signature",
                signature.toString(),
                "--trusted-root",
                SigstoreStack.file("trusted_root.json").toString(),
                "--identity",
                signer.identity(),
                "--identity-provider",
                signer.issuer()));
    arguments.addAll(List.of(options));
    return Client.java().run(directory, arguments.toArray(new String[0]));
  }

  private void assertNothingWritten(String token, Client.Outcome outcome) {
    assertThat(signature).doesNotExist();
    assertThat(directory.toFile().list()).allMatch(name -> !name.contains(".sig"));
    assertThat(outcome.output()).doesNotContain(token);
    String[] parts = token.split("\\.", -1);
    assertThat(outcome.output()).doesNotContain(parts[1]).doesNotContain(parts[2]);
  }

  // Versions of the log

  @ParameterizedTest
  @CsvSource({"1, TRANSPARENCY_LOG, 0", "2, TIMESTAMP, 1"})
  void recordsInTheVersionOfTheLogThatIsChosen(int version, String source, int timestamps)
      throws Exception {
    sign(
            Client.java().with("SIGSTORE_ID_TOKEN", KeylessSigner.PERSON.token()),
            SigstoreStack.file("trust_config.json"),
            "--rekor-version=" + version)
        .succeeds()
        .endsWith(0, "sigstore signer@example.com");

    assertThat(Bundle.read(signature).rfc3161Timestamps()).hasSize(timestamps);
    verify(KeylessSigner.PERSON, "--format=json")
        .succeeds()
        .endsWith(0, "\"source\":\"" + source + "\"");
  }

  @Test
  void recordsInVersionOneOfTheLogWhereBothAreOffered() throws Exception {
    sign(
            Client.java().with("SIGSTORE_ID_TOKEN", KeylessSigner.PERSON.token()),
            SigstoreStack.file("trust_config.json"))
        .succeeds();
    assertThat(Bundle.read(signature).rfc3161Timestamps()).isEmpty();
  }

  @Test
  void refusesAVersionOfTheLogThatIsNotOffered() throws Exception {
    String token = KeylessSigner.PERSON.token();
    Client.Outcome refused =
        sign(
                Client.java().with("SIGSTORE_ID_TOKEN", token),
                SigstoreStack.file("trust_config_v1.json"),
                "--rekor-version=2")
            .refuses("rekorTlogUrls");
    assertNothingWritten(token, refused);
  }

  // Where tokens come from

  @Test
  void takesATokenFromAFile() throws Exception {
    Path file = directory.resolve("token.jwt");
    Files.writeString(file, KeylessSigner.WORKFLOW.token() + "\n");
    sign(
            Client.java(),
            SigstoreStack.file("trust_config.json"),
            "--identity-token-file",
            file.toString())
        .succeeds();
    verify(KeylessSigner.WORKFLOW).succeeds();
  }

  @Test
  void takesTheIdentityOfAWorkflowOfGitHub() throws Exception {
    Client client =
        Client.java()
            .with("GITHUB_ACTIONS", "true")
            .with("ACTIONS_ID_TOKEN_REQUEST_URL", KeylessSigner.WORKFLOW.tokenAddress())
            .with("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "any");
    sign(client, SigstoreStack.file("trust_config.json"), "--use-ambient-credentials").succeeds();
    verify(KeylessSigner.WORKFLOW).succeeds();
  }

  @Test
  void saysWhichPermissionAWorkflowOfGitHubLacks() throws Exception {
    Client client = Client.java().with("GITHUB_ACTIONS", "true");
    sign(client, SigstoreStack.file("trust_config.json"), "--use-ambient-credentials")
        .refuses("id-token: write");
    assertThat(signature).doesNotExist();
  }

  @Test
  void prefersATokenThatIsGivenToThatOfTheBuildService() throws Exception {
    Client client =
        Client.java()
            .with("GITHUB_ACTIONS", "true")
            .with("ACTIONS_ID_TOKEN_REQUEST_URL", KeylessSigner.WORKFLOW.tokenAddress())
            .with("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "any")
            .with("SIGSTORE_ID_TOKEN", KeylessSigner.PERSON.token());
    sign(client, SigstoreStack.file("trust_config.json"), "--use-ambient-credentials").succeeds();
    verify(KeylessSigner.PERSON).succeeds();
  }

  // Tokens that are refused

  @Test
  void refusesAnExpiredToken() throws Exception {
    String token = KeylessSigner.PERSON.token("&expires=-60");
    Client.Outcome refused =
        sign(
                Client.java().with("SIGSTORE_ID_TOKEN", token),
                SigstoreStack.file("trust_config.json"))
            .refuses(FAILED + "the identity token expired at ");
    assertNothingWritten(token, refused);
  }

  @Test
  void saysThatTheAuthorityRefusedATokenForSomebodyElse() throws Exception {
    String token = KeylessSigner.PERSON.token("&audience=somebody-else");
    Client.Outcome refused =
        sign(
                Client.java().with("SIGSTORE_ID_TOKEN", token),
                SigstoreStack.file("trust_config.json"))
            .refuses(FAILED + "the certificate authority (Fulcio) at ");
    assertNothingWritten(token, refused);
  }

  @Test
  void refusesATokenThatSomebodyChanged() throws Exception {
    String[] parts = KeylessSigner.PERSON.token().split("\\.", -1);
    String[] others = KeylessSigner.WORKFLOW.token().split("\\.", -1);
    String forged = others[0] + "." + others[1] + "." + parts[2];
    Client.Outcome refused =
        sign(
                Client.java().with("SIGSTORE_ID_TOKEN", forged),
                SigstoreStack.file("trust_config.json"))
            .refuses(FAILED + "the certificate authority (Fulcio) at ");
    assertNothingWritten(forged, refused);
  }

  @Test
  void isSignedByWhomTheTokenIsForAndNobodyElse() throws Exception {
    Path file = directory.resolve("token.jwt");
    Files.writeString(file, KeylessSigner.WORKFLOW.token());
    sign(
            Client.java(),
            SigstoreStack.file("trust_config.json"),
            "--identity-token-file",
            file.toString())
        .succeeds();
    verify(KeylessSigner.PERSON)
        .refuses("the certificate is for '" + KeylessSigner.WORKFLOW.identity() + "'");
  }

  // Services that are down

  /** An address without a server. */
  private static String deserted() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "http://localhost:" + socket.getLocalPort();
    }
  }

  /** The trust configuration, with a service moved to another place. */
  private Path configWithout(String name, String elsewhere) throws IOException {
    URI service = SigstoreStack.address(name);
    String config = Files.readString(SigstoreStack.file("trust_config.json"));
    int signing = config.indexOf("\"signingConfig\"");
    assertThat(signing).isPositive();
    String here = "http://localhost:" + service.getPort();
    return Files.writeString(
        directory.resolve("config.json"),
        config.substring(0, signing) + config.substring(signing).replace(here, elsewhere));
  }

  @ParameterizedTest
  @CsvSource({
    "FULCIO_URL, 1, the certificate authority (Fulcio)",
    "REKOR_V1_URL, 1, the transparency log (Rekor)",
    "REKOR_V2_URL, 2, the transparency log (Rekor)",
    "TSA_URL, 2, the time stamping authority"
  })
  void namesTheServiceThatIsDown(String name, String version, String service) throws Exception {
    String token = KeylessSigner.PERSON.token();
    String elsewhere = deserted();
    Path config = configWithout(name, elsewhere);
    Instant begin = Instant.now();

    Client.Outcome refused =
        sign(Client.java().with("SIGSTORE_ID_TOKEN", token), config, "--rekor-version=" + version)
            .refuses(FAILED + service);

    assertThat(Duration.between(begin, Instant.now())).isLessThan(SOON);
    assertThat(refused.output()).contains(elsewhere);
    assertNothingWritten(token, refused);
  }

  @Test
  void namesTheIdentityProviderThatIsDown() throws Exception {
    String elsewhere = deserted();
    sign(Client.java(), configWithout("OIDC_URL", elsewhere))
        .refuses(FAILED + "the identity provider")
        .refuses(elsewhere);
    assertThat(signature).doesNotExist();
  }

  @Test
  void leavesTheSignatureOfBeforeWhereAServiceIsDown() throws Exception {
    Files.writeString(signature, "of before");
    sign(
            Client.java().with("SIGSTORE_ID_TOKEN", KeylessSigner.PERSON.token()),
            configWithout("REKOR_V1_URL", deserted()))
        .refuses(FAILED);
    assertThat(signature).hasContent("of before");
  }

  @Test
  void refusesTheServicesOfAnotherInstance() throws Exception {
    String token = KeylessSigner.PERSON.token();
    String config = Files.readString(SigstoreStack.file("trust_config.json"));
    // The root of trust without those who could have issued the certificate.
    Path foreign =
        Files.writeString(
            directory.resolve("config.json"),
            config.replace("\"certificateAuthorities\"", "\"formerAuthorities\""));
    Client.Outcome refused =
        sign(Client.java().with("SIGSTORE_ID_TOKEN", token), foreign)
            .refuses("sent an untrusted certificate");
    assertNothingWritten(token, refused);
  }
}
