package dev.modelsigning.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.testing.DocumentedCommands;
import dev.modelsigning.cli.testing.ModelPlaces;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of {@code docs/hugging-face.md} and {@code docs/kubernetes.md}, in the places that
 * they are about.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs a shell and links")
class PlacesDocumentIT {

  @TempDir private Path directory;

  private DocumentedCommands huggingFace;
  private DocumentedCommands kubernetes;
  private Path model;

  @BeforeEach
  void makeWhatThePublisherHas() throws Exception {
    String hf =
        """
        hf() {
          if [ $# = 4 ]; then cp -R "$HUB/local/." "$4"; else echo "$HUB/hub/$SNAPSHOT"; fi
        }
        """;
    kubernetes = new DocumentedCommands("kubernetes.md", directory);
    huggingFace =
        new DocumentedCommands(
            "hugging-face.md",
            directory,
            hf,
            Map.of(
                "HUB", directory.resolve("served").toString(), "SNAPSHOT", ModelPlaces.SNAPSHOT));
    KeyPairFiles.generate(
        EcdsaScheme.P256, directory.resolve("key.pem"), directory.resolve("key.pub"));
    model =
        Models.write(
            directory.resolve("my-model"), "config.json", "{}", "onnx/model.onnx", "weights");
  }

  @Test
  void downloadsAndVerifies() throws Exception {
    List<String> blocks = huggingFace.blocks();
    assertThat(blocks).hasSize(4);
    assertThat(huggingFace.run(blocks.get(0))).contains("Signing succeeded");
    ModelPlaces.download(model, directory.resolve("served/local"));
    ModelPlaces.cache(model, directory.resolve("served/hub"));
    assertThat(huggingFace.run(blocks.get(1)))
        .contains("Verification succeeded")
        .contains(".cache/huggingface/ (ignored on request)");
    assertThat(huggingFace.run(blocks.get(2) + blocks.get(3)))
        .contains("Verification succeeded")
        .contains("warning: 3 symbolic links, such as 'config.json', lead out of the model");
  }

  @Test
  void verifiesInAVolume() throws Exception {
    kubernetes.run("model-signing sign key my-model --private-key key.pem --signature model.sig");
    ModelPlaces.volume(model, directory.resolve("mounted"));
    Path secrets =
        Models.write(
            directory.resolve("secrets"),
            "model.sig",
            Files.readString(directory.resolve("model.sig")),
            "key.pub",
            Files.readString(directory.resolve("key.pub")));
    ModelPlaces.volume(secrets, directory.resolve("keys"));
    List<String> blocks = kubernetes.blocks();
    assertThat(blocks).hasSize(2);
    assertThat(kubernetes.run(blocks.get(0)))
        .contains("Verification succeeded")
        .contains("..data [symbolic link] (layout of the Kubernetes volume");
  }

  @Test
  void verifiesByAPolicyInAnotherVolume() throws Exception {
    Path models = directory.resolve("models");
    Models.write(models.resolve("fraud/v3"), "config.json", "{}", "weights", "x");
    kubernetes.run(
        "model-signing sign key models/fraud/v3 --private-key key.pem --signature"
            + " models/fraud/v3.sig");
    Path map =
        Models.write(
            directory.resolve("map"),
            "policy.yaml",
            """
            version: 1
            signers:
              release: { key: { public-key: key.pub } }
            models:
              - match: "fraud/**"
                signatures: { of: release }
            """,
            "key.pub",
            Files.readString(directory.resolve("key.pub")));
    ModelPlaces.volume(map, directory.resolve("policy"));

    assertThat(kubernetes.run(kubernetes.blocks().get(1)))
        .contains("Verification succeeded", "fraud/v3 matches fraud/**");
  }
}
