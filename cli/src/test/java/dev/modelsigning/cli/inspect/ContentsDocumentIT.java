package dev.modelsigning.cli.inspect;

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

/** The commands of {@code docs/contents.md}. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs a shell")
class ContentsDocumentIT {

  @TempDir private Path directory;

  private DocumentedCommands page;

  @BeforeEach
  void signAModel() throws Exception {
    page = new DocumentedCommands("contents.md", directory);
    KeyPairFiles.generate(
        EcdsaScheme.P256, directory.resolve("key.pem"), directory.resolve("key.pub"));
    Models.write(
        directory.resolve("my-model"),
        "README.md",
        "---\nlicense: apache-2.0\nbase_model: org/base\n---\n# My model\n",
        "config.json",
        "{\"architectures\": [\"MyModel\"], \"auto_map\": {\"AutoModel\": \"modeling_my.MyModel\"}}",
        "modeling_my.py",
        "print('loaded')\n",
        "pytorch_model.bin",
        "cposix\nsystem\n(S'id'\ntR.",
        "tokenizer_config.json",
        "{\"chat_template\": \"{{ messages }}\"}");
    page.run("model-signing sign key my-model --private-key key.pem --signature model.sig");
  }

  @Test
  void tellsWhatIsShown() throws Exception {
    List<String> blocks = page.blocks();
    assertThat(blocks).hasSize(2);
    assertThat(page.run(blocks.get(0))).contains(page.shown());
  }

  @Test
  void refusesWhatIsUnusual() throws Exception {
    String gate = page.blocks().get(1);
    assertThat(page.run(gate)).contains("not for us");

    Files.delete(directory.resolve("my-model/pytorch_model.bin"));
    Files.writeString(directory.resolve("my-model/config.json"), "{}");
    assertThat(page.run(gate)).contains("not for us"); // as it is not verified
    page.run("model-signing sign key my-model --private-key key.pem --signature model.sig");
    assertThat(page.run(gate)).contains("to be loaded").doesNotContain("not for us");
  }
}
