package dev.modelsigning.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.Models;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code docs/contents.md}. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs a shell")
class ContentsDocumentIT {

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root"));

  private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path directory;

  @BeforeEach
  void signAModel() throws Exception {
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
    run("model-signing sign key my-model --private-key key.pem --signature model.sig");
  }

  private static String text() throws Exception {
    return Files.readString(ROOT.resolve("docs/contents.md"));
  }

  private static List<String> commands() throws Exception {
    return BLOCK.matcher(text()).results().map(found -> found.group(1)).toList();
  }

  private String run(String script) throws Exception {
    Path out = directory.resolve("out.txt");
    String functions =
        """
        set -eu
        model-signing() { "$JAVA" -jar "$JAR" "$@"; }
        """;
    ProcessBuilder process =
        new ProcessBuilder("bash", "-c", functions + script)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    process.environment().keySet().removeIf(name -> name.startsWith("MODEL_SIGNING_"));
    process
        .environment()
        .put("JAVA", Path.of(System.getProperty("java.home"), "bin/java").toString());
    process.environment().put("JAR", ROOT.resolve("cli/target/model-signing.jar").toString());
    Process started = process.start();
    started.getOutputStream().close();
    assertThat(started.waitFor(120, TimeUnit.SECONDS)).as("ended").isTrue();
    String text = Files.readString(out, StandardCharsets.UTF_8);
    assertThat(started.exitValue()).as(text).isZero();
    return text;
  }

  @Test
  void tellsWhatIsShown() throws Exception {
    List<String> blocks = commands();
    assertThat(blocks).hasSize(2);
    int start = text().indexOf("```text\n") + 8;
    String shown = text().substring(start, text().indexOf("```", start));
    assertThat(run(blocks.get(0))).contains(shown.split("  \\.\\.\\.\n", -1));
  }

  @Test
  void refusesWhatIsUnusual() throws Exception {
    String gate = commands().get(1);
    assertThat(run(gate)).contains("not for us");

    Files.delete(directory.resolve("my-model/pytorch_model.bin"));
    Files.writeString(directory.resolve("my-model/config.json"), "{}");
    assertThat(run(gate)).contains("not for us"); // as it is not verified
    run("model-signing sign key my-model --private-key key.pem --signature model.sig");
    assertThat(run(gate)).contains("to be loaded").doesNotContain("not for us");
  }
}
