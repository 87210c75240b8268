package dev.modelsigning.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exit status and output of {@code policy import}. */
class PolicyImportCommandTest {

  private static final String FAILED = "Importing the policy failed with error";

  @TempDir private Path directory;
  private PolicyWorkspace workspace;

  @BeforeEach
  void prepare() throws IOException {
    workspace = PolicyWorkspace.in(directory.toRealPath());
  }

  private Path source(String signer) throws IOException {
    return workspace.write(
        "server.json",
        """
        {"policy": {"signatures": {
          "signers": {"alice": %s},
          "models": {"regex:fraud/.*": {"signer": "alice"}}
        }}}
        """
            .formatted(signer));
  }

  private Path key() throws IOException {
    return source("{\"verification_method\": \"key\", \"public_key\": \"keys/alice.pub\"}");
  }

  private Path certificate() throws IOException {
    return source(
        "{\"verification_method\": \"certificate\", \"certificate_chain\": [\"/etc/ca.pem\"]}");
  }

  @Test
  void writesAPolicyThatDecides() throws Exception {
    Path policy = workspace.policy();
    Invocation run = Invocation.of("policy", "import", key(), "--output", policy);

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("Policy imported").contains(policy.toString());
    workspace.sign("alice", "fraud/v3.sig");
    assertThat(Invocation.of("verify", "policy", workspace.model(), "--policy", policy).status())
        .isZero();
    Files.writeString(workspace.model().resolve("weights.bin"), "other");
    assertThat(Invocation.of("verify", "policy", workspace.model(), "--policy", policy).status())
        .isEqualTo(1);
  }

  @Test
  void printsThePolicyAndNothingElse() throws Exception {
    Invocation run = Invocation.of("policy", "import", key());

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("# Imported from ").endsWith("signatures: { of: alice }\n");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void refusesACertificateWithoutAnIdentityAndTakesOne() throws Exception {
    Path source = certificate();

    Invocation.of("policy", "import", source)
        .assertFailed(FAILED, source + ":2: policy.signatures.signers.alice", "--identity alice=");
    Invocation run =
        Invocation.of("policy", "import", source, "--identity", "alice=CN=alice,O=example");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("identity: \"CN=alice,O=example\"");
  }

  @Test
  void replacesNoFile() throws Exception {
    workspace.write("policy.yaml", "mine");

    Invocation.of("policy", "import", key(), "--output", workspace.policy())
        .assertFailed(FAILED, "policy.yaml");
    assertThat(workspace.policy()).hasContent("mine");
  }

  @Test
  void writesNothingIfItIsRefused() throws Exception {
    Invocation.of("policy", "import", certificate(), "--output", workspace.policy())
        .assertFailed(FAILED, "alice");
    assertThat(workspace.policy()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"alice", "=x", "alice=", "alice= "})
  void refusesWhatIsNoIdentity(String identity) throws Exception {
    Invocation run = Invocation.of("policy", "import", certificate(), "--identity", identity);

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--identity: expected NAME=IDENTITY");
  }
}
