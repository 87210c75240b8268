package dev.modelsigning.man;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelsigning.cli.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/**
 * The pages and completions for packages, compared with the commands and checked with roff tools.
 */
class ManualPageTest {

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root"));

  private static final Map<String, CommandSpec> COMMANDS = commands();

  @TempDir private static Path directory;

  @BeforeAll
  static void write() throws IOException {
    write("1.2.3", "2026-03-01T01:00:00+02:00");
  }

  private static void write(String version, String time) throws IOException {
    Main.main(new String[] {directory.toString(), version, time});
  }

  /** All commands by their hyphenated names, found without the classes under test. */
  private static Map<String, CommandSpec> commands() {
    Map<String, CommandSpec> commands = new TreeMap<>();
    add(commands, "model-signing", Reference.commands());
    return commands;
  }

  private static void add(Map<String, CommandSpec> commands, String name, CommandSpec command) {
    commands.put(name, command);
    command
        .subcommands()
        .forEach((word, below) -> add(commands, name + "-" + word, below.getCommandSpec()));
  }

  static Set<String> names() {
    return COMMANDS.keySet();
  }

  private String page(String name) throws IOException {
    return Files.readString(directory.resolve("man1").resolve(name + ".1"));
  }

  /** The text of a page without fonts, line by line. */
  private String text(String name) throws IOException {
    return page(name)
        .replaceAll("\\\\f[BIR]|\\\\&", "")
        .replace("\\-", "-")
        .replace("\\(aq", "'")
        .replace("\\(ti", "~")
        .replace("\\e", "\\");
  }

  private List<String> section(String name, String title) throws IOException {
    String[] sections = text(name).split("(?m)^\\.SH ", -1);
    return Arrays.stream(sections)
        .filter(each -> each.startsWith("\"" + title + "\"\n"))
        .findFirst()
        .map(each -> each.lines().skip(1).toList())
        .orElse(List.of());
  }

  private static List<String> written(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }

  // Files

  @Test
  void thereIsAPageForEachCommand() throws IOException {
    assertThat(written(directory.resolve("man1")))
        .containsExactlyElementsOf(names().stream().map(name -> name + ".1").sorted().toList())
        .hasSizeGreaterThan(20)
        .contains("model-signing.1", "model-signing-verify-key.1");
  }

  @Test
  void thereIsACompletionForEachShell() throws IOException {
    Path completions = directory.resolve("completions");

    assertThat(written(completions))
        .containsExactly("_model-signing", "model-signing.bash", "model-signing.fish");
    assertThat(completions.resolve("_model-signing"))
        .hasContent(Reference.completion("zsh"))
        .content()
        .startsWith("#compdef model-signing");
    assertThat(completions.resolve("model-signing.bash")).hasContent(Reference.completion("bash"));
    assertThat(completions.resolve("model-signing.fish")).hasContent(Reference.completion("fish"));
  }

  @Test
  void leavesNothingOfAnEarlierBuild() throws IOException {
    Path page = Files.writeString(directory.resolve("man1/model-signing-no-longer.1"), "");

    write();

    assertThat(page).doesNotExist();
    assertThat(directory.resolve("man1/model-signing.1")).exists();
  }

  @Test
  void dependsOnNothingButTheCommandsTheVersionAndTheTime() throws IOException {
    String first = page("model-signing-diff");
    write("1.2.4", "2026-03-01T01:00:00Z");
    String later = page("model-signing-diff");
    write();

    assertThat(page("model-signing-diff"))
        .isEqualTo(first)
        .contains(" 1 2026-02-28 \"model\\-signing 1.2.3\"");
    assertThat(later).contains(" 1 2026-03-01 \"model\\-signing 1.2.4\"");
    assertThatThrownBy(() -> Main.main(new String[] {directory.toString()}))
        .hasMessage("expected DIRECTORY VERSION TIME");
  }

  // Content of a page

  @ParameterizedTest
  @MethodSource("names")
  void hasEveryOptionThatIsShown(String name) throws IOException {
    CommandSpec command = COMMANDS.get(name);
    List<String> expected = new ArrayList<>();
    for (OptionSpec option : command.options()) {
      String value = option.arity().max() == 0 ? "" : "=" + option.paramLabel();
      expected.add(String.join(", ", option.names()) + value);
      if (option.negatable()) {
        expected.add(
            command.negatableOptionTransformer().makeNegative(option.names()[0], command) + value);
      }
    }

    List<String> lines = section(name, "OPTIONS");

    assertThat(lines.stream().filter(line -> line.startsWith("-")))
        .containsExactlyElementsOf(expected)
        .contains("-h, --help");
    assertThat(String.join(" ", lines).replaceAll(" +", " "))
        .contains(
            command.options().stream()
                .map(option -> String.join(" ", option.description()).replace("%%", "%"))
                .toList());
  }

  @ParameterizedTest
  @MethodSource("names")
  void hasTheSectionsOfAManualPage(String name) throws IOException {
    assertThat(page(name).lines().filter(line -> line.startsWith(".SH ")))
        .containsSubsequence(
            ".SH \"NAME\"",
            ".SH \"SYNOPSIS\"",
            ".SH \"DESCRIPTION\"",
            ".SH \"OPTIONS\"",
            ".SH \"EXIT STATUS\"",
            ".SH \"ENVIRONMENT\"",
            ".SH \"EXAMPLES\"",
            ".SH \"SEE ALSO\"");
    assertThat(section(name, "NAME").get(0)).matches(name + " - [a-z].*[^.]");
    assertThat(String.join(" ", section(name, "SYNOPSIS")))
        .startsWith(COMMANDS.get(name).qualifiedName() + " ");
    assertThat(String.join("\n", section(name, "SEE ALSO")))
        .contains("The document " + Reference.document(COMMANDS.get(name)) + " says more");
  }

  @ParameterizedTest
  @MethodSource("names")
  void hasTheExamplesOfTheHelp(String name) throws IOException {
    List<String> examples =
        Arrays.stream(COMMANDS.get(name).usageMessage().footer())
            .filter(line -> line.startsWith("  "))
            .map(line -> line.substring(2).replace("%%", "%"))
            .toList();

    assertThat(examples).isNotEmpty();
    assertThat(section(name, "EXAMPLES").stream().filter(line -> !line.startsWith(".")))
        .containsExactlyElementsOf(examples);
  }

  @ParameterizedTest
  @ValueSource(strings = {"model-signing", "model-signing-sign", "model-signing-pkcs11"})
  void hasTheCommandsBelow(String name) throws IOException {
    List<String> expected = new ArrayList<>(COMMANDS.get(name).subcommands().keySet());

    assertThat(section(name, "COMMANDS")).containsSubsequence(expected);
    assertThat(String.join(" ", section(name, "SEE ALSO")))
        .contains(expected.stream().map(each -> name + "-" + each + "(1)").toList());
  }

  @ParameterizedTest
  @CsvSource({
    "model-signing-sign-key, model-signing-verify-key",
    "model-signing-verify-sigstore, model-signing-sign-sigstore",
    "model-signing-sign-pkcs11-certificate, model-signing-verify-certificate",
    "model-signing-sign, model-signing-verify",
    "model-signing-digest, model-signing"
  })
  void namesThePageOfTheOtherSide(String name, String other) throws IOException {
    assertThat(String.join(" ", section(name, "SEE ALSO"))).contains(other + "(1)");
  }

  @Test
  void saysHowDiffEnds() throws IOException {
    assertThat(section("model-signing-diff", "EXIT STATUS"))
        .containsSubsequence(
            "0",
            "Both are the same.",
            "1",
            "They are different.",
            "2",
            "They were not compared: a failure, or a wrong command line.");
    assertThat(section("model-signing-verify-key", "EXIT STATUS"))
        .containsSubsequence("0", "The model is verified.", "1", "2");
  }

  @Test
  void saysWhatConcernsACommandAndNoMore() throws IOException {
    assertThat(section("model-signing-verify-sigstore", "FILES"))
        .contains("~/.cache/model-signing/tuf");
    assertThat(section("model-signing-verify-key", "FILES")).contains("/etc/pkcs11/modules");
    assertThat(section("model-signing-digest", "FILES")).isEmpty();
    assertThat(section("model-signing-sign-key", "ENVIRONMENT"))
        .contains("MODEL_SIGNING_PASSWORD", "PKCS11_PIN")
        .doesNotContain("SIGSTORE_ID_TOKEN");
    assertThat(section("model-signing-sign-sigstore", "ENVIRONMENT"))
        .contains("SIGSTORE_ID_TOKEN", "NO_PROXY", "XDG_CACHE_HOME")
        .doesNotContain("PKCS11_PIN");
  }

  @Command(
      name = "hostile",
      description = {".sh of 'it' \\fB 100%%.", "'quoted' is first. ...more."},
      footer = {"", "Examples:", "  .hostile \\", "      'a' -- \"b\" `c` ~ ^"},
      subcommands = {Hidden.class})
  @SuppressWarnings("UnusedVariable") // only described
  private static final class Hostile {
    @Option(names = "--shown", paramLabel = "FILE", description = ".gitignore is no macro.")
    private String shown;

    @Option(names = "--hidden", hidden = true, description = "Not to be seen.")
    private boolean hidden;
  }

  @Command(name = "concealed", hidden = true, description = "Not to be seen.")
  private static final class Hidden {}

  @Test
  void hidesWhatIsHidden() {
    List<Page> pages = Page.all(new CommandLine(new Hostile()).getCommandSpec());

    assertThat(pages).hasSize(1);
    assertThat(ManualPage.of(pages.get(0), new Edition("1", "2025-01-01")))
        .contains("shown")
        .doesNotContain("hidden", "concealed", "Not to be seen");
  }

  // Environment variables

  /** The names of environment variables in the sources. Some are concatenated. */
  private static Set<String> asked() throws IOException {
    Pattern asked =
        Pattern.compile(
            "(?:getenv|environment(?:\\(\\))?\\s*\\.\\s*(?:get|getOrDefault|containsKey)"
                + "|[. ]variable|VARIABLE =|SECRET_VARIABLE =)\\s*\\(?\\s*\"([A-Za-z0-9_]+)\"");
    Set<String> names = new TreeSet<>();
    for (String module :
        List.of(
            "core",
            "content",
            "sigstore",
            "pkcs11",
            "kms-vault",
            "aws",
            "kms-aws",
            "s3",
            "policy",
            "oci",
            "opentelemetry",
            "cli")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
        for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
          Matcher matcher = asked.matcher(Files.readString(file));
          while (matcher.find()) {
            names.add(matcher.group(1));
          }
        }
      }
    }
    for (String launcher : List.of("model-signing", "shared.sh")) {
      Matcher matcher =
          Pattern.compile("\\$\\{([A-Z][A-Z_]{3,})")
              .matcher(Files.readString(ROOT.resolve("dist/src/main/launcher").resolve(launcher)));
      while (matcher.find()) {
        names.add(matcher.group(1));
      }
    }
    return names;
  }

  @Test
  void hasEveryVariableThatIsAskedFor() throws IOException {
    Set<String> asked = asked();
    assertThat(asked)
        .contains(
            "MODEL_SIGNING_LOG_LEVEL",
            "MODEL_SIGNING_PASSWORD",
            "PKCS11_PIN",
            "SIGSTORE_ID_TOKEN",
            "MODEL_SIGNING_CLIENT_SECRET",
            "SSL_CERT_FILE",
            "XDG_CACHE_HOME",
            "DOCKER_CONFIG",
            "GITHUB_ACTIONS",
            "NO_COLOR",
            "JAVA_OPTS");
    // Variables of Windows, which has no manual pages, and PATH.
    asked.removeAll(Set.of("APPDATA", "LOCALAPPDATA", "ProgramFiles", "SystemRoot", "PATH"));
    // Described together with the variable that it disables.
    asked.remove("REQUEST_METHOD");

    assertThat(section("model-signing", "ENVIRONMENT")).containsAll(asked);
  }

  /** A variable that is no longer read must be removed from the pages. */
  @Test
  void hasNoVariableThatNobodyKnows() throws IOException {
    // Variables of the development launcher are listed as well, to state that they have no effect.
    StringBuilder sources = new StringBuilder();
    for (String launcher : List.of("dist/src/main/launcher/shared.sh", "model-signing")) {
      sources.append(Files.readString(ROOT.resolve(launcher)));
    }
    for (String module :
        List.of("core", "sigstore", "pkcs11", "aws", "kms-aws", "kms-vault", "oci", "s3", "cli")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
        for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
          sources.append(Files.readString(file));
        }
      }
    }

    List<String> names =
        Surroundings.VARIABLES.stream().flatMap(each -> each.names().stream()).toList();
    assertThat(names).hasSizeGreaterThan(20);
    // The names of proxy variables are concatenated in the sources.
    assertThat(names).allMatch(name -> sources.indexOf(name) >= 0);
  }

  // groff and mandoc

  private static boolean has(String program) {
    return Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(":", -1))
        .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
  }

  private static void require(String program) {
    assumeTrue(has(program), "needs " + program + "; on Debian: apt-get install groff-base mandoc");
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Path printed = directory.resolve("printed");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(printed.toFile());
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", command[0]).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(printed);
  }

  private List<String> pages() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("man1"))) {
      return files.map(Path::toString).sorted().toList();
    }
  }

  @Test
  void groffHasNothingToSay() throws Exception {
    require("groff");
    for (String page : pages()) {
      assertThat(run("groff", "-man", "-ww", "-z", "-Tutf8", page)).as(page).isEmpty();
    }
    Path wrong =
        Files.writeString(directory.resolve("wrong.1"), ".TH A 1\n.SH B\n.nosuch \\*[x]\n");
    assertThat(run("groff", "-man", "-ww", "-z", "-Tutf8", wrong.toString())).contains("nosuch");
  }

  @Test
  void mandocHasNothingToSay() throws Exception {
    require("mandoc");
    for (String page : pages()) {
      assertThat(run("mandoc", "-T", "lint", page)).as(page).isEmpty();
    }
    Path wrong = Files.writeString(directory.resolve("wrong.1"), ".TH A 1\n.SH B\n.nosuch\n");
    assertThat(run("mandoc", "-T", "lint", wrong.toString())).contains("nosuch");
  }

  /** The names in the first line do not run into each other on a usual terminal. */
  @ParameterizedTest
  @ValueSource(strings = {"groff -man -Tutf8 -P-cbou -rLL=78n", "mandoc -Tutf8 -O width=78"})
  void hasRoomBetweenTheNamesOfTheFirstLine(String reader) throws Exception {
    require(reader.split(" ", -1)[0]);
    for (String page : pages()) {
      List<String> command = new ArrayList<>(List.of(reader.split(" ", -1)));
      command.add(page);
      String first =
          run(command.toArray(String[]::new)).replaceAll(".\b", "").lines().findFirst().orElse("");

      assertThat(first).as(page).matches("([A-Z0-9-]+\\(1\\)) {2,}\\1").hasSizeLessThan(81);
    }
  }

  /** A reader sees, and can copy, exactly the text, whatever characters it begins with. */
  @ParameterizedTest
  @ValueSource(strings = {"groff -man -ww -Tutf8 -P-cbou -rHY=0", "mandoc -Tutf8 -O width=200"})
  void showsTextsAsTheyAre(String reader) throws Exception {
    require(reader.split(" ", -1)[0]);
    Page page = Page.all(new CommandLine(new Hostile()).getCommandSpec()).get(0);
    Path file =
        Files.writeString(
            directory.resolve("hostile.1"), ManualPage.of(page, new Edition("1", "2025-01-01")));
    List<String> command = new ArrayList<>(List.of(reader.split(" ", -1)));
    command.add(file.toString());

    String shown = run(command.toArray(new String[0])).replaceAll(".\b", "").replace("\u00a0", " ");

    assertThat(shown.lines().map(String::strip))
        .contains(
            ".sh of 'it' \\fB 100%.",
            ".hostile \\", "'a' -- \"b\" `c` ~ ^", ".gitignore is no macro.", "--shown=FILE");
    assertThat(shown).containsPattern("'quoted' is first\\. +\\.\\.\\.more\\.");
  }
}
