package dev.modelsigning.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.testing.TestCertificate;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What keeps the webhook from listening. */
class ServeAdmissionCommandTest {

  private static final String FAILED = "Serving failed with error";

  @TempDir private Path directory;
  private Path policy;

  @BeforeEach
  void write() throws Exception {
    TestCertificate server = TestCertificate.root("CN=webhook");
    TestCertificate.write(directory.resolve("tls.crt"), server);
    server.writeKey(directory.resolve("tls.key"));
    server.writePublicKey(directory.resolve("team.pub"));
    policy = directory.resolve("policy.yaml");
    Files.writeString(
        policy,
        """
        version: 1
        signers:
          team: { key: { public-key: team.pub } }
        models:
          - { match: "**", signatures: { of: [team] } }
        """);
  }

  private Invocation serve(Object... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "serve",
                "admission",
                "--policy",
                policy,
                "--tls-cert",
                directory.resolve("tls.crt"),
                "--tls-key",
                directory.resolve("tls.key"),
                "--listen",
                "127.0.0.1:0",
                "--registry",
                "r.example"));
    arguments.addAll(List.of(more));
    return Invocation.of(arguments.toArray());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--listen | 8443 | --listen: expected HOST:PORT",
        "--listen | 127.0.0.1: | --listen: expected HOST:PORT",
        "--listen | 127.0.0.1:99999 | --listen: expected HOST:PORT",
        "--listen | a b:1 | --listen: expected HOST:PORT",
        "--status-listen | :x | --status-listen: expected HOST:PORT",
        "--registry | https://r.example | --registry: expected HOST[:PORT][/REPOSITORY]",
        "--registry | anna:s3cret@r.example | --registry: expected HOST[:PORT][/REPOSITORY]",
        "--registry-host | r.example/path | --registry-host: expected HOST[:PORT]",
        "--registry-host | anna:s3cret@r.example | --registry-host: expected HOST[:PORT]",
        "--timeout | 31s | --timeout: expected a time as in 10s, 500ms and 1m30s, from 1s to 30s",
        "--timeout | 0s | --timeout: expected a time",
        "--keep | forever | --keep: expected a time",
        "--keep-refused | 2h | --keep-refused: expected a time",
        "--reload | 1ms | --reload: expected a time as in 10s, 500ms and 1m30s, from 100ms to 3600s",
        "--policy-digest | sha256:1 | --policy-digest: expected 'sha256:'",
        "--policy-key | team.pub | --policy-signature and --policy-key need each other"
      })
  void refusesWrongUsage(String option, String value, String why) {
    Invocation refused = serve(option, value);

    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).contains(why).doesNotContain("s3cret");
  }

  @Test
  void needsACertificateItsKeyAndAnAddress() {
    Invocation refused = Invocation.of("serve", "admission", "--policy", policy);

    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("--tls-cert", "--tls-key", "--listen");
  }

  @Test
  void refusesAPolicyThatCannotBeUsed() throws Exception {
    Files.writeString(policy, Files.readString(policy).replace("[team]", "[nobody]"));
    serve().assertFailed(FAILED, "policy.yaml:5: error: models[0].signatures.of");

    Files.delete(policy);
    serve().assertFailed(FAILED, "policy.yaml");
  }

  @Test
  void refusesAPolicyWithoutTheKeyOfASigner() throws Exception {
    Files.delete(directory.resolve("team.pub"));

    serve().assertFailed(FAILED, "team.pub: no such file");
  }

  @Test
  void refusesAnotherPolicyThanTheOneThatIsRequired() {
    serve("--policy-digest", "sha256:" + "ab".repeat(32))
        .assertFailed(FAILED, "this is another policy than the one that is required");
  }

  @Test
  void refusesACertificateThatCannotBeUsed() throws Exception {
    TestCertificate.root("CN=other").writeKey(directory.resolve("tls.key"));

    serve().assertFailed(FAILED, "tls.key: this is the private key of another certificate");
  }

  @Test
  void refusesAnAuthorityOfClientsThatCannotBeUsed() throws Exception {
    serve("--client-ca", directory.resolve("none.pem")).assertFailed(FAILED, "none.pem");

    Path empty = Files.writeString(directory.resolve("empty.pem"), "");
    serve("--client-ca", empty).assertFailed(FAILED, "empty.pem: holds no certificate");
  }

  @Test
  void refusesAnAddressThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      for (String option : List.of("--listen", "--status-listen")) {
        serve(option, address).assertFailed(FAILED, option + " " + address + ": ", "in use");
      }
    }
  }
}
