package dev.modelsigning.cli.interop.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.testing.Manifest;
import dev.modelsigning.cli.testing.ToolProcess.Ended;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.RegistryServer.Kind;
import dev.modelsigning.testing.WithOciPeers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What manifests of {@code examples/kubernetes} do with a model in a registry. */
@WithOciPeers
@OnOneJdk
class RegistryManifestsIT extends RegistryScene {

  private static final Pattern DIGEST = Pattern.compile("\"digest\":\"(sha256:[0-9a-f]{64})\"");

  /** Where the model is: what stands for the reference of the manifests. */
  private String pinned() throws Exception {
    String tagged = push(repository(Kind.DISTRIBUTION));
    sign(tagged).assertSucceeded();
    Invocation listed = Invocation.of("oci", "list", tagged, "--format", "json").assertSucceeded();
    Matcher digest = DIGEST.matcher(listed.out());
    assertThat(digest.find()).isTrue();
    return tagged.replaceFirst(":1$", "") + "@" + digest.group(1);
  }

  private Manifest.Node node(String reference) throws IOException {
    Path place = Files.createDirectory(directory.resolve("node"));
    for (String mount : List.of("trust", "policy", "registry", "models")) {
      Files.createDirectory(place.resolve(mount));
    }
    Files.copy(publicKey, place.resolve("trust/key.pub"));
    Files.copy(publicKey, place.resolve("policy/key.pub"));
    Files.writeString(place.resolve("registry/config.json"), "{\"auths\":{}}");
    Files.writeString(
        place.resolve("policy/policy.yaml"),
        """
        version: 1
        signers:
          release: { key: { public-key: key.pub } }
        models:
          - { match: "ml/**", signatures: { of: release } }
        """);
    return new Manifest.Node(place, Map.of())
        .names(Map.of("oci://registry.example.com/models/fraud@sha256:DIGEST", reference));
  }

  @ParameterizedTest
  @ValueSource(strings = {"registry.yaml", "registry-policy.yaml"})
  void fetchesWhatIsVerifiedAndVerifiesItAgain(String name) throws Exception {
    Manifest.Node kubelet = node(pinned());
    List<Map<?, ?>> containers = Manifest.read(name).containers("initContainers");
    Path pulled = directory.resolve("node/models/fraud");
    for (int run = 1; run <= 2; run++) {
      for (Map<?, ?> container : containers) {
        Ended verified = kubelet.run(container).assertSucceeded();
        assertThat(verified.out()).startsWith("{\"verified\":true,").hasLineCount(1);
        assertThat(kubelet.terminationMessage()).contains("\nVerification succeeded\n");
      }
      assertThat(pulled.resolve("weights.bin")).hasSize(300_000);
    }

    Files.writeString(pulled.resolve("config.json"), "{\"a\":1}");
    Ended refused = kubelet.run(containers.get(containers.size() - 1));
    assertThat(refused.status()).isEqualTo(1);
    assertThat(kubelet.terminationMessage()).contains("config.json: expected ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"registry.yaml", "registry-policy.yaml"})
  void fetchesNothingThatIsNotSigned(String name) throws Exception {
    Invocation.of(
            "generate-key",
            "--private-key",
            directory.resolve("other.pem"),
            "--public-key",
            directory.resolve("other.pub"))
        .assertSucceeded();
    Manifest.Node kubelet = node(pinned());
    Files.copy(
        directory.resolve("other.pub"),
        directory.resolve("node/" + (name.contains("policy") ? "policy" : "trust") + "/key.pub"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    for (Map<?, ?> container : Manifest.read(name).containers("initContainers")) {
      Ended refused = kubelet.run(container);
      assertThat(refused.status()).isEqualTo(1);
      assertThat(refused.out()).startsWith("{\"verified\":false,").hasLineCount(1);
      assertThat(kubelet.terminationMessage()).contains("\nVerification failed with error: ");
    }
    assertThat(directory.resolve("node/models")).isEmptyDirectory();
  }
}
