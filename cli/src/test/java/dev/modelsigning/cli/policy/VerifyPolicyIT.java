package dev.modelsigning.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.testing.ToolProcess;
import dev.modelsigning.cli.testing.ToolProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The packaged tool has the module, and ends as scripts expect. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs processes of POSIX")
class VerifyPolicyIT {

  @TempDir private Path directory;
  @TempDir private Path outputs;
  private PolicyWorkspace workspace;

  @BeforeEach
  void prepare() throws IOException {
    workspace = PolicyWorkspace.in(directory.toRealPath());
    workspace.rules(
        "- { match: fraud/**, signatures: { of: [alice, bob], at-least: 2 } }",
        "- { match: sandbox/**, mode: warn }");
    workspace.sign("alice", "fraud/v3.alice.sig");
  }

  private Ended run(Object... words) throws Exception {
    List<String> command = new ArrayList<>(ToolProcess.java(ToolProcess.packagedJar()));
    List.of(words).forEach(word -> command.add(word.toString()));
    try (ToolProcess process = ToolProcess.start(outputs, command)) {
      return process.await();
    }
  }

  private Ended verify(Object... more) throws Exception {
    return run(workspace.words(more).toArray());
  }

  private static void assertVerdict(Ended ended, int status, String start) {
    assertThat(ended.status()).as(ended.err()).isEqualTo(status);
    assertThat(ended.out()).startsWith(start).endsWith("}\n").hasLineCount(1);
  }

  @Test
  void endsWithOneUnlessAllAreAccepted() throws Exception {
    assertVerdict(verify("--format=json"), 1, "{\"verified\":false,");
    workspace.sign("bob", "fraud/v3.bob.sig");
    assertVerdict(verify("--format=json"), 0, "{\"verified\":true,");
    assertVerdict(verify(workspace.path("sandbox/x"), "--format=json"), 0, "{\"verified\":false,");
    assertVerdict(verify(workspace.path("other"), "--format=json"), 1, "{\"verified\":false,");
  }

  @Test
  void readsExpressionsAndYaml() throws Exception {
    workspace.write(
        "policy.yaml",
        """
        version: 1
        signers:
          alice: { key: { public-key: keys/alice.pub } }
          ci: { sigstore: { identity-regexp: 'https://ci\\.example/.*', issuer: 'https://x' } }
        models:
          - { match: fraud/**, signatures: { of: [alice, ci] } }
        """);

    verify().assertSucceeded();
    assertThat(run("policy", "lint", workspace.policy()).assertSucceeded().out())
        .contains("can be used; 0 errors");
    assertThat(run("schema", "policy").assertSucceeded().out()).contains("\"signers\"");
  }

  @Test
  void endsWithOneForAPolicyThatCannotBeUsed() throws Exception {
    Files.writeString(workspace.policy(), "version: 1\nmodels: []\n");

    assertVerdict(verify("--format=json"), 1, "{\"verified\":false,");
    run("policy", "lint", workspace.policy())
        .assertFailed("policy.yaml:2: error: models: expected a list of rules");
  }

  @Test
  void endsWithTwoForWrongUsage() throws Exception {
    assertVerdict(verify("--policy-digest=x", "--format=json"), 2, "{\"verified\":false,");
  }
}
