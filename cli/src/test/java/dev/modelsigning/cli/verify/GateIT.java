package dev.modelsigning.cli.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.cli.testing.MarkdownBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The recipes of {@code docs/gate.md} deploy only what is verified. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the recipes are for POSIX shells")
class GateIT {

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root"));

  private static final Pattern STEP = Pattern.compile("(?ms)^( +)run: \\|\\n((?:\\1 .*\\n)+)");

  private static final Pattern LINE = Pattern.compile("(?m)^    - (.*)$");

  private static final Pattern GROOVY = Pattern.compile("(?ms)'''\\n(.*?)^ *'''$");

  /** No gate takes as long, in seconds. */
  private static final int GUARD = 120;

  @TempDir private Path directory;

  /**
   * A recipe.
   *
   * @param number which one of the page it is, from 1 on
   * @param shell how its service runs it
   * @param script what is run
   */
  record Recipe(int number, List<String> shell, String script) {
    @Override
    public String toString() {
      return number + " by " + String.join(" ", shell);
    }
  }

  static List<Recipe> recipes() throws IOException {
    List<Recipe> recipes = new ArrayList<>();
    int number = 0;
    for (MarkdownBlock block : MarkdownBlock.in(Files.readString(ROOT.resolve("docs/gate.md")))) {
      if (!block.mark().equals("gate")) {
        continue;
      }
      number++;
      String code = block.code();
      Matcher step = STEP.matcher(code);
      Matcher groovy = GROOVY.matcher(code);
      if (step.find()) {
        recipes.add(
            new Recipe(
                number,
                List.of("bash", "--noprofile", "--norc", "-eo", "pipefail"),
                step.group(2).stripIndent()));
      } else if (groovy.find()) {
        recipes.add(new Recipe(number, List.of("sh", "-xe"), groovy.group(1).stripIndent()));
      } else if (block.language().equals("yaml")) {
        String lines =
            LINE.matcher(code)
                .results()
                .map(each -> each.group(1))
                .collect(Collectors.joining("\n"));
        recipes.add(new Recipe(number, List.of("sh", "-e"), lines + "\n"));
        recipes.add(new Recipe(number, List.of("bash", "-e", "-o", "pipefail"), lines + "\n"));
      } else {
        recipes.add(new Recipe(number, List.of("sh"), code));
        recipes.add(new Recipe(number, List.of("bash"), code));
      }
    }
    return recipes;
  }

  static List<Recipe> policyRecipes() throws IOException {
    return recipes().stream().filter(each -> each.script().contains("verify policy")).toList();
  }

  @BeforeEach
  void signTheModel() throws IOException {
    Workspace workspace = Workspace.in(directory);
    Files.move(workspace.model(), directory.resolve("my-model"));
    Files.createDirectory(directory.resolve("models"));
    sign("my-model", "model.sig");
    workspace.write("models/one/weights", "x");
    sign("models/one", "models/one/model.sig");
    workspace.write(
        "policies/policy.yaml",
        """
        version: 1
        signers:
          us: { key: { public-key: key.pub } }
        models:
          - match: my-model
            signatures: { of: us }
        """);
    Files.copy(directory.resolve("key.pub"), directory.resolve("policies/key.pub"));
    Files.createDirectory(directory.resolve("bin"));
    program("deploy", "echo \"$1\" >> deployed");
  }

  private void sign(String model, String signature) {
    Invocation.of(
            "sign",
            "key",
            directory.resolve(model),
            "--private-key",
            directory.resolve("key.pem"),
            "--signature",
            directory.resolve(signature))
        .assertSucceeded();
  }

  /** Puts a program into the path. */
  private void program(String name, String script) throws IOException {
    Path file = directory.resolve("bin").resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void realProgram() throws IOException {
    program(
        "model-signing",
        "exec '"
            + System.getProperty("java.home")
            + "/bin/java' -jar '"
            + ROOT.resolve("cli/target/model-signing.jar")
            + "' \"$@\"");
  }

  private void change() throws IOException {
    Files.writeString(directory.resolve("my-model/config.json"), "{ }");
    Files.writeString(directory.resolve("models/one/weights"), "y");
  }

  /** Runs a recipe; returns whether it deployed. If it does not deploy, it must fail. */
  private boolean deploys(Recipe recipe) throws IOException, InterruptedException {
    assumeTrue(
        !recipe.script().contains("jq ") || Files.isExecutable(Path.of("/usr/bin/jq")),
        "needs jq; install the package jq");
    Path script = Files.writeString(directory.resolve("recipe"), recipe.script());
    List<String> command = new ArrayList<>(recipe.shell());
    command.add(script.toString());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile());
    builder.environment().put("PATH", directory.resolve("bin") + ":/usr/bin:/bin");
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    Process process = builder.start();
    assertThat(process.waitFor(GUARD, TimeUnit.SECONDS)).as("ends").isTrue();
    boolean deployed = Files.exists(directory.resolve("deployed"));
    assertThat(process.exitValue() == 0)
        .as("succeeds; %s", Files.readString(directory.resolve("output"), UTF_8))
        .isEqualTo(deployed);
    return deployed;
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void deploysWhatIsVerified(Recipe recipe) throws Exception {
    realProgram();
    assertThat(deploys(recipe)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void refusesWhatWasChanged(Recipe recipe) throws Exception {
    realProgram();
    change();
    assertThat(deploys(recipe)).isFalse();
  }

  /** Its exit status is that of a verified model. */
  @ParameterizedTest
  @MethodSource("policyRecipes")
  void refusesWhatAPolicyOnlyWarnsOf(Recipe recipe) throws Exception {
    realProgram();
    Files.writeString(
        directory.resolve("policies/policy.yaml"),
        "version: 1\nmodels: [{match: my-model, mode: warn}]\n");
    assertThat(deploys(recipe)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void refusesWithoutTheProgram(Recipe recipe) throws Exception {
    assertThat(deploys(recipe)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void refusesWhereNothingIsPrinted(Recipe recipe) throws Exception {
    program("model-signing", "exit 0");
    assertThat(deploys(recipe)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void refusesAVerdictOfAProgramThatFails(Recipe recipe) throws Exception {
    program("model-signing", "echo '{\"verified\":true,\"model\":\"x\"}'; exit 1");
    assertThat(deploys(recipe)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void refusesWhereTheProgramIsKilled(Recipe recipe) throws Exception {
    program("model-signing", "echo '{\"verified\":true,\"model\":\"x\"}'; kill -9 $$");
    assertThat(deploys(recipe)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void refusesWhereTheLauncherFindsNoJava(Recipe recipe) throws Exception {
    program(
        "model-signing",
        "JAVA_HOME=/nonexistent exec '" + ROOT.resolve("model-signing") + "' \"$@\"");
    assertThat(deploys(recipe)).isFalse();
  }

  /** A page without recipes would pass all of this. */
  @Test
  void coversAllKindsOfGates() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/gate.md"));
    assertThat(
            Stream.of(
                    "## Shell",
                    "## jq",
                    "## GitHub Actions",
                    "## GitLab CI",
                    "## Jenkins",
                    "## A policy")
                .filter(title -> !page.contains(title)))
        .isEmpty();
    assertThat(recipes().stream().map(Recipe::number).distinct()).hasSize(7);
    assertThat(recipes()).allMatch(recipe -> recipe.script().contains("model-signing verify"));
  }
}
