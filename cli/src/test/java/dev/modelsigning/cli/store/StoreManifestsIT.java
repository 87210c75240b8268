package dev.modelsigning.cli.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Workspace;
import dev.modelsigning.cli.testing.Manifest;
import dev.modelsigning.cli.testing.ToolProcess.Ended;
import dev.modelsigning.s3.LocalS3;
import dev.modelsigning.s3.WithLocalS3;
import dev.modelsigning.testing.OnOneJdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What manifests of {@code examples/kubernetes} do with a model in an object store. */
@WithLocalS3
@OnOneJdk
class StoreManifestsIT {

  @TempDir private Path servers;
  @TempDir private Path directory;

  private LocalS3 store;
  private Manifest.Node kubelet;
  private Path node;

  @BeforeEach
  void upload() throws IOException, InterruptedException {
    store = LocalS3.start(LocalS3.Kind.VERSITYGW, servers);
    Workspace workspace = Workspace.in(directory);
    workspace.sign("--quiet").assertSucceeded();
    store.putAll(workspace.model(), "fraud/");
    store.put("fraud.sig", Files.readString(workspace.signature()));
    node = Files.createDirectory(directory.resolve("node"));
    for (String mount : List.of("trust", "policy", "models")) {
      Files.createDirectory(node.resolve(mount));
    }
    Files.copy(workspace.publicKey(), node.resolve("trust/key.pub"));
    Files.copy(workspace.publicKey(), node.resolve("policy/key.pub"));
    Files.copy(workspace.signature(), node.resolve("policy/model.sig"));
    Files.writeString(
        node.resolve("policy/policy.yaml"),
        """
        version: 1
        signers:
          release: { key: { public-key: key.pub } }
        models:
          - { match: fraud, signatures: { of: release } }
        """);
    kubelet = new Manifest.Node(node, store.environment());
  }

  @AfterEach
  void stop() {
    store.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"store.yaml", "store-policy.yaml"})
  void fetchesWhatIsVerifiedAndVerifiesItAgain(String name) throws Exception {
    List<Map<?, ?>> containers = Manifest.read(name).containers("initContainers");
    for (int run = 1; run <= 2; run++) {
      for (Map<?, ?> container : containers) {
        Ended verified = kubelet.run(container).assertSucceeded();
        assertThat(verified.out()).startsWith("{\"verified\":true,").hasLineCount(1);
        assertThat(kubelet.terminationMessage()).contains("\nVerification succeeded\n");
      }
      assertThat(node.resolve("models/fraud/weights/a.bin")).hasContent("alpha");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"store.yaml", "store-policy.yaml"})
  void fetchesNothingThatWasChanged(String name) throws Exception {
    store.put("fraud/weights/a.bin", "ALPHA");
    Ended refused = kubelet.run(Manifest.read(name).containers("initContainers").get(0));

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out()).startsWith("{\"verified\":false,").hasLineCount(1);
    assertThat(kubelet.terminationMessage()).contains("weights/a.bin: expected ");
    assertThat(node.resolve("models")).isEmptyDirectory();
  }
}
