package dev.modelsigning.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.testing.DocumentedCommands;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code docs/verified-copy.md}. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs a shell")
class VerifiedCopyDocumentIT {

  @TempDir private Path directory;

  private DocumentedCommands page;

  @BeforeEach
  void signAModel() throws Exception {
    page = new DocumentedCommands("verified-copy.md", directory);
    KeyPairFiles.generate(
        EcdsaScheme.P256, directory.resolve("key.pem"), directory.resolve("key.pub"));
    Models.write(
        directory.resolve("my-model"),
        "config.json",
        "{}",
        "model-00001-of-00002.safetensors",
        "one",
        "model-00002-of-00002.safetensors",
        "two",
        "model.safetensors.index.json",
        """
        {"metadata": {"total_size": 6},
         "weight_map": {"a": "model-00001-of-00002.safetensors",
                        "b": "model-00002-of-00002.safetensors"}}
        """,
        "onnx/model.onnx",
        "weights");
    page.run("model-signing sign key my-model --private-key key.pem --signature model.sig");
  }

  @Test
  void copies() throws Exception {
    List<String> blocks = page.blocks("A copy");
    assertThat(blocks).hasSize(2);
    assertThat(page.run(blocks.get(0))).contains("Verification succeeded").contains("  copy  ");
    assertThat(directory.resolve("copy/onnx/model.onnx")).hasContent("weights");
    assertThat(page.run(blocks.get(1))).contains("config.json\n");

    Files.writeString(directory.resolve("my-model/config.json"), "{ }");
    assertThat(page.run(blocks.get(1).replace("for-this-job", "again")))
        .contains("Verification failed")
        .doesNotContain("onnx");
    assertThat(directory.resolve("copy-again")).doesNotExist();
  }

  @Test
  void verifiesAPart() throws Exception {
    List<String> blocks = page.blocks("A part of a model");
    assertThat(blocks).hasSize(2);
    assertThat(page.run(blocks.get(0)))
        .contains(page.shown())
        .contains("warning: only 4 of 5 signed files were hashed");
    assertThat(page.run(blocks.get(1))).contains("partial: 4 of 5 files");
    assertThat(directory.resolve("part").toFile().list())
        .containsExactlyInAnyOrder(
            "config.json",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json");

    // The other one is not read, but must exist nevertheless.
    Files.writeString(directory.resolve("my-model/onnx/model.onnx"), "other");
    assertThat(page.run(blocks.get(0))).contains("not hashed   onnx/model.onnx");
    Files.delete(directory.resolve("my-model/onnx/model.onnx"));
    assertThat(page.run("! {\n" + blocks.get(0) + "}")).contains("missing (1)");
  }
}
