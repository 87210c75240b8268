package dev.modelsigning.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.testing.ModelPlaces;
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

/** The commands of {@code docs/places.md}, in the places that it is about. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs a shell and links")
class PlacesDocumentIT {

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root"));

  private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path directory;

  private Path model;

  @BeforeEach
  void makeWhatThePublisherHas() throws Exception {
    KeyPairFiles.generate(
        EcdsaScheme.P256, directory.resolve("key.pem"), directory.resolve("key.pub"));
    model =
        Models.write(
            directory.resolve("my-model"), "config.json", "{}", "onnx/model.onnx", "weights");
  }

  /** The blocks of a section, one behind the other. */
  private static List<String> commands(String section) throws IOException {
    String text = Files.readString(ROOT.resolve("docs/places.md"));
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
        hf() {
          if [ $# = 4 ]; then cp -R "$HUB/local/." "$4"; else echo "$HUB/hub/$SNAPSHOT"; fi
        }
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
    process.environment().put("HUB", directory.resolve("served").toString());
    process.environment().put("SNAPSHOT", ModelPlaces.SNAPSHOT);
    Process started = process.start();
    started.getOutputStream().close();
    assertThat(started.waitFor(120, TimeUnit.SECONDS)).as("ended").isTrue();
    String text = Files.readString(out, StandardCharsets.UTF_8);
    assertThat(started.exitValue()).as(text).isZero();
    return text;
  }

  @Test
  void downloadsAndVerifies() throws Exception {
    List<String> blocks = commands("From `hf download`");
    assertThat(blocks).hasSize(4);
    assertThat(run(blocks.get(0))).contains("Signing succeeded");
    ModelPlaces.download(model, directory.resolve("served/local"));
    ModelPlaces.cache(model, directory.resolve("served/hub"));
    assertThat(run(blocks.get(1)))
        .contains("Verification succeeded")
        .contains(".cache/huggingface/ (ignored on request)");
    assertThat(run(blocks.get(2) + blocks.get(3)))
        .contains("Verification succeeded")
        .contains("warning: 3 symbolic links, such as 'config.json', lead out of the model");
  }

  @Test
  void verifiesInAVolume() throws Exception {
    run("model-signing sign key my-model --private-key key.pem --signature model.sig");
    ModelPlaces.volume(model, directory.resolve("mounted"));
    Path secrets =
        Models.write(
            directory.resolve("secrets"),
            "model.sig",
            Files.readString(directory.resolve("model.sig")),
            "key.pub",
            Files.readString(directory.resolve("key.pub")));
    ModelPlaces.volume(secrets, directory.resolve("keys"));
    List<String> blocks = commands("In Kubernetes");
    assertThat(blocks).hasSize(1);
    assertThat(run(blocks.get(0)))
        .contains("Verification succeeded")
        .contains("..data [symbolic link] (layout of the Kubernetes volume");
  }
}
