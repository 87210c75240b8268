package dev.modelsigning.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.Models;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code docs/verified-copy.md}. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs a shell")
class VerifiedCopyDocumentIT {

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root"));

  private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path directory;

  @BeforeEach
  void signAModel() throws Exception {
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
    run("model-signing sign key my-model --private-key key.pem --signature model.sig");
  }

  /** The blocks of a section, one behind the other. */
  private static List<String> commands(String section) throws IOException {
    String text = Files.readString(ROOT.resolve("docs/verified-copy.md"));
    int start = text.indexOf("\n## " + section);
    assertThat(start).as("the section '%s'", section).isPositive();
    int next = text.indexOf("\n## ", start + 1);
    Matcher blocks = BLOCK.matcher(text.substring(start, next < 0 ? text.length() : next));
    List<String> found = new ArrayList<>();
    while (blocks.find()) {
      found.add(blocks.group(1));
    }
    return found;
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
  void copies() throws Exception {
    List<String> blocks = commands("A copy");
    assertThat(blocks).hasSize(2);
    assertThat(run(blocks.get(0))).contains("Verification succeeded").contains("  copy  ");
    assertThat(directory.resolve("copy/onnx/model.onnx")).hasContent("weights");
    assertThat(run(blocks.get(1))).contains("config.json\n");

    Files.writeString(directory.resolve("my-model/config.json"), "{ }");
    assertThat(run(blocks.get(1).replace("for-this-job", "again")))
        .contains("Verification failed")
        .doesNotContain("onnx");
    assertThat(directory.resolve("copy-again")).doesNotExist();
  }

  @Test
  void verifiesAPart() throws Exception {
    List<String> blocks = commands("A part of a model");
    assertThat(blocks).hasSize(2);
    String text = Files.readString(ROOT.resolve("docs/verified-copy.md"));
    int start = text.indexOf("```text\n") + 8;
    String shown = text.substring(start, text.indexOf("```", start));
    assertThat(run(blocks.get(0)))
        .contains(shown.split("  \\.\\.\\.\n", -1))
        .contains("warning: only 4 of 5 signed files were hashed");
    assertThat(run(blocks.get(1))).contains("partial: 4 of 5 files");
    assertThat(directory.resolve("part").toFile().list())
        .containsExactlyInAnyOrder(
            "config.json",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json");

    // Nobody looks at the other one, and it must be there all the same.
    Files.writeString(directory.resolve("my-model/onnx/model.onnx"), "other");
    assertThat(run(blocks.get(0))).contains("not hashed   onnx/model.onnx");
    Files.delete(directory.resolve("my-model/onnx/model.onnx"));
    assertThat(run("! {\n" + blocks.get(0) + "}")).contains("missing (1)");
  }
}
