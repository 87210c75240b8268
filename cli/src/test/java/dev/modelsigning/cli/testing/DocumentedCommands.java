package dev.modelsigning.cli.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * The commands on a page below {@code docs}, run by a shell in a directory, with the packaged jar.
 * With {@code -Dmodelsigning.writeGolden=true} outputs that differ are written into the page.
 */
public final class DocumentedCommands {

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root"));

  private static final int GUARD_SECONDS = 120;

  private static final boolean WRITE = Boolean.getBoolean("modelsigning.writeGolden");

  private final String page;
  private final Path directory;
  private final String functions;
  private final Map<String, String> environment;

  /** The commands of a page, with {@code model-signing} as their only program of ours. */
  public DocumentedCommands(String page, Path directory) {
    this(page, directory, "", Map.of());
  }

  /**
   * The commands of a page.
   *
   * @param page the file's name, from {@code docs} on
   * @param directory where they are run
   * @param functions of the shell, for other programs that the page names
   * @param environment variables that these read
   */
  public DocumentedCommands(
      String page, Path directory, String functions, Map<String, String> environment) {
    this.page = page;
    this.directory = directory;
    this.functions = functions;
    this.environment = environment;
  }

  /** The whole page. */
  public String text() throws IOException {
    return Files.readString(file());
  }

  /** Its blocks of commands, in their order. */
  public List<String> blocks() throws IOException {
    return blocksIn(text());
  }

  /** The blocks of a section whose title begins so. */
  public List<String> blocks(String section) throws IOException {
    String text = text();
    int start = text.indexOf("\n## " + section);
    assertThat(start).as("the section '%s'", section).isPositive();
    int next = text.indexOf("\n## ", start + 1);
    return blocksIn(text.substring(start, next < 0 ? text.length() : next));
  }

  private static List<String> blocksIn(String text) {
    return blocksIn(text, "");
  }

  private static List<String> blocksIn(String text, String mark) {
    return MarkdownBlock.in(text).stream()
        .filter(block -> block.is("sh", mark))
        .map(MarkdownBlock::code)
        .toList();
  }

  /** The block of commands that this word marks, behind {@code sh} in the source of the page. */
  public String block(String mark) throws IOException {
    List<String> found = blocksIn(text(), mark);
    assertThat(found).as("commands for %s", mark).hasSize(1);
    return found.get(0);
  }

  /** The parts of the first output that the page shows, between those that it leaves out. */
  public String[] shown() throws IOException {
    return MarkdownBlock.in(text()).stream()
        .filter(block -> block.is("text", ""))
        .findFirst()
        .orElseThrow()
        .code()
        .split("  \\.\\.\\.\n", -1);
  }

  /**
   * Runs all steps of the page, one after another, and compares what they print with what is shown.
   *
   * @param adapted turns what is on the page into what is run, such as an address into another
   */
  public void runAll(UnaryOperator<String> adapted) throws Exception {
    ShownOutput shown = new ShownOutput();
    List<DocumentedStep> steps = DocumentedStep.in(text());
    assertThat(steps).as("commands in %s", page).isNotEmpty();
    for (DocumentedStep step : steps) {
      String printed = run(adapted.apply(step.script()), step.refused() ? 1 : 0);
      if (step.shown().isPresent()) {
        try {
          shown.requireShown(step.shown().get(), printed);
        } catch (AssertionError e) {
          if (!WRITE) {
            throw new AssertionError(page + ":\n" + step.script() + e.getMessage(), e);
          }
          Files.writeString(file(), text().replace(step.shown().get(), printed));
        }
      }
    }
  }

  /** The same, with the commands as they are on the page. */
  public void runAll() throws Exception {
    runAll(UnaryOperator.identity());
  }

  private Path file() {
    return ROOT.resolve("docs").resolve(page).normalize();
  }

  /** Runs commands, which have to succeed; returns what they print on both streams. */
  public String run(String script) throws Exception {
    return run(script, 0);
  }

  /** Runs commands, the last of which has to end with an exit status. */
  private String run(String script, int status) throws Exception {
    Path out = directory.resolve("out.txt");
    String before = "set -eu\nmodel-signing() { \"$JAVA\" -jar \"$JAR\" \"$@\"; }\n";
    ProcessBuilder process =
        new ProcessBuilder("bash", "-c", before + functions + script)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    Map<String, String> variables = process.environment();
    variables.keySet().removeIf(name -> name.startsWith("MODEL_SIGNING_"));
    variables.put("JAVA", Path.of(System.getProperty("java.home"), "bin/java").toString());
    variables.put("JAR", ROOT.resolve("cli/target/model-signing.jar").toString());
    variables.putAll(environment);
    Process started = process.start();
    started.getOutputStream().close();
    assertThat(started.waitFor(GUARD_SECONDS, TimeUnit.SECONDS)).as("ended").isTrue();
    String text = Files.readString(out, StandardCharsets.UTF_8);
    assertThat(started.exitValue()).as("%s\n%s", script, text).isEqualTo(status);
    return text;
  }
}
