package dev.modelsigning.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.testing.LibC;
import dev.modelsigning.cli.testing.Manifest;
import dev.modelsigning.cli.testing.ModelPlaces;
import dev.modelsigning.cli.testing.ToolProcess.Ended;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.Watching;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What manifests of {@code examples/kubernetes} do with a model in a volume. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs a shell, links and signals")
@OnOneJdk
class VolumeManifestsIT {

  @TempDir private Path directory;

  private Path node;
  private Path weights;
  private Manifest.Node kubelet;

  @BeforeEach
  void makeVolumes() throws IOException {
    node = Files.createDirectory(directory.resolve("node"));
    kubelet = new Manifest.Node(node, Map.of());
    Path model =
        Models.write(node.resolve("models/fraud"), "config.json", "{}", "weights.bin", "1234");
    weights = model.resolve("weights.bin");
    Path key = directory.resolve("key.pem");
    Path maps = Files.createDirectory(directory.resolve("maps"));
    Invocation.of("generate-key", "--private-key", key, "--public-key", maps.resolve("key.pub"))
        .assertSucceeded();
    Invocation.of(
            "sign",
            "key",
            model,
            "--private-key",
            key,
            "--signature",
            node.resolve("models/fraud.sig"))
        .assertSucceeded();
    ModelPlaces.volume(maps, node.resolve("trust"));
    Models.write(
        maps,
        "policy.yaml",
        """
        version: 1
        signers:
          release: { key: { public-key: key.pub } }
        models:
          - { match: fraud, signatures: { of: release } }
        """);
    ModelPlaces.volume(maps, node.resolve("policy"));
  }

  private static Map<?, ?> container(String name) throws IOException {
    List<Map<?, ?>> containers = Manifest.read(name).containers("initContainers");
    assertThat(containers).hasSize(1);
    return containers.get(0);
  }

  private void verifiesAndRefuses(String name) throws Exception {
    Ended verified = kubelet.run(container(name)).assertSucceeded();
    assertThat(verified.out()).startsWith("{\"verified\":true,").hasLineCount(1);
    assertThat(kubelet.terminationMessage()).contains("\nVerification succeeded\n");

    Files.writeString(weights, "1235");
    Ended refused = kubelet.run(container(name));
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out()).startsWith("{\"verified\":false,").hasLineCount(1);
    assertThat(kubelet.terminationMessage())
        .contains("\nVerification failed with error: ")
        .contains("weights.bin");
  }

  @Test
  void byOptions() throws Exception {
    verifiesAndRefuses("volume.yaml");
  }

  @Test
  void byAPolicy() throws Exception {
    verifiesAndRefuses("volume-policy.yaml");
  }

  /** Whether the probe of the side-car says that it has started. */
  private boolean hasStarted(Map<?, ?> sideCar) {
    Map<?, ?> probe = Manifest.map(sideCar, "startupProbe");
    List<?> command = Manifest.list(Manifest.map(probe, "exec"), "command");
    try {
      return kubelet.probe(command) == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String message() {
    try {
      return kubelet.terminationMessage();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void sideCarStartsWithAVerdictAndEndsWithoutAFailureWhenItIsTold() throws Exception {
    Map<?, ?> sideCar = container("watch.yaml");
    assertThat(kubelet.words(sideCar)).contains("--watch", "1h");
    Process running = kubelet.names(Map.of("1h", "1s")).start(sideCar);
    Watching.until("the probe succeeds", () -> hasStarted(sideCar));
    Watching.until("there is a second round", () -> message().contains("  round 2\n"));
    LibC.load().kill(Math.toIntExact(running.pid()), LibC.SIGTERM);

    Ended ended = kubelet.ended(running).assertSucceeded();
    assertThat(ended.out()).contains("\"round\":{\"number\":1,").doesNotContain("INTERRUPTED");
  }

  @Test
  void sideCarDoesNotStartWithAModelThatIsNotVerified() throws Exception {
    Map<?, ?> sideCar = container("watch.yaml");
    Files.writeString(weights, "1235");
    Ended ended = kubelet.run(sideCar);

    assertThat(ended.status()).isEqualTo(1);
    assertThat(kubelet.terminationMessage()).contains("  round 1\nVerification failed");
    // A collector of spans can delay the end of the program.
    assertThat(hasStarted(sideCar)).isFalse();
    List<?> rules = Manifest.list(sideCar, "restartPolicyRules");
    assertThat(rules).hasSize(1);
    Map<?, ?> codes = Manifest.map((Map<?, ?>) rules.get(0), "exitCodes");
    assertThat(codes.get("operator")).isEqualTo("NotIn");
    assertThat(codes.get("values")).isEqualTo(List.of(0));
  }
}
