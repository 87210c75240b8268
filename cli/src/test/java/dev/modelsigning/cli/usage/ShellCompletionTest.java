package dev.modelsigning.cli.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Reference;
import dev.modelsigning.testing.TimedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/**
 * What shells make of the scripts: each by itself, where a key is pressed in a terminal, and what
 * they know of, held against the commands.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "runs shells of a POSIX system")
class ShellCompletionTest {

  /** A shell, how it runs a text, and how it is started in a terminal. */
  enum Shell {
    BASH("bash", "bash --norc --noprofile -c", "bash --norc --noprofile -i"),
    ZSH("zsh", "zsh -f -c", "zsh -f -i"),
    FISH("fish", "fish --no-config -c", "");

    private final String program;
    private final String command;
    private final String interactive;

    Shell(String program, String command, String interactive) {
      this.program = program;
      this.command = command;
      this.interactive = interactive;
    }
  }

  /** The groups of methods, which complete the options of the default method. */
  private static final Set<String> GROUPS =
      Set.of("sign", "verify", "attest", "verify-attestation");

  @TempDir private Path directory;
  private Path model;
  private Path typed;

  @BeforeEach
  void makeFiles() throws IOException {
    Path bin = Files.createDirectory(directory.resolve("bin"));
    typed = directory.resolve("typed");
    for (String name : List.of("model-signing", "model_signing")) {
      program(
          bin.resolve(name),
          "for a; do printf '<%s>' \"$a\"; done >> \"$TYPED\"; echo >> \"$TYPED\"");
    }
    model = Files.createDirectory(directory.resolve("w"));
    Files.createDirectories(model.resolve("my model"));
    Files.createDirectories(model.resolve("sub"));
    for (String name :
        List.of("key.pem", "it's.pem", "sub/in a file", "a$(touch PWNED)", "b`touch PWNED`")) {
      Files.writeString(model.resolve(name), "");
    }
    // Whoever starts a program by its name must not find those of the current directory.
    for (String name : List.of("model-signing", "seq", "sed", "grep", "ls", "compgen", "java")) {
      program(model.resolve(name), "touch PWNED");
    }
  }

  private static void program(Path file, String script) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static boolean has(String program) {
    return Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(":"))
        .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
  }

  private static void require(String program) {
    assumeTrue(has(program), "needs " + program + "; on Debian: apt-get install " + program);
  }

  private Path script(Shell shell) throws IOException {
    return Files.writeString(
        directory.resolve("completion." + shell.program), Reference.completion(shell.program));
  }

  private String run(Path input, String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Path output = directory.resolve("output");
    builder.directory(model.toFile()).redirectInput(input.toFile()).redirectOutput(output.toFile());
    builder.environment().put("HOME", directory.toString());
    builder.environment().put("TERM", "dumb");
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("PATH", directory.resolve("bin") + ":" + System.getenv("PATH"));
    builder.environment().put("TYPED", typed.toString());
    Process process = TimedProcess.start(builder);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    String printed = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(printed).isZero();
    return printed;
  }

  /** What a shell prints that has read the script. */
  private List<String> run(Shell shell, String text) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(shell.command.split(" ")));
    // Which compinit defines in a terminal.
    command.add(
        (shell == Shell.ZSH ? "compdef() { }; " : "") + "source " + script(shell) + "; " + text);
    return run(Path.of("/dev/null"), command.toArray(new String[0])).lines().toList();
  }

  @ParameterizedTest
  @EnumSource
  void readsTheScript(Shell shell) throws Exception {
    require(shell.program);
    assertThat(run(Path.of("/dev/null"), shell.program, "-n", script(shell).toString())).isEmpty();
  }

  /** What is printed knows the tour besides, as this is a checkout. */
  @ParameterizedTest
  @EnumSource(Shell.class)
  void printsTheScriptOfPackagesWithTheTour(Shell shell) {
    String printed = Invocation.of("completion", shell.program).assertSucceeded().out();

    assertThat(printed).contains("quickstart");
    assertThat(Reference.completion(shell.program)).doesNotContain("quickstart");
    assertThat(printed.lines().toList()).hasSizeGreaterThan(50);
  }

  // What is known, held against the commands

  private static Map<String, CommandSpec> commands() {
    Map<String, CommandSpec> commands = new TreeMap<>();
    add(commands, "", Reference.commands());
    return commands;
  }

  private static void add(Map<String, CommandSpec> commands, String name, CommandSpec command) {
    commands.put(name, command);
    command
        .subcommands()
        .forEach(
            (word, below) -> add(commands, (name + " " + word).strip(), below.getCommandSpec()));
  }

  private static Set<String> options(CommandSpec command) {
    Set<String> names = new TreeSet<>();
    for (OptionSpec option : command.options()) {
      for (String name : option.names()) {
        names.add(name);
        if (option.negatable()) {
          names.add(command.negatableOptionTransformer().makeNegative(name, command));
        }
      }
    }
    return names;
  }

  /** What bash offers for a word behind others, without files. */
  private static String bash(String name, String word) {
    String[] words = name.isEmpty() ? new String[0] : name.split(" ");
    return "COMP_WORDS=(model-signing "
        + name
        + " '"
        + word
        + "'); COMP_CWORD="
        + (words.length + 1)
        + "; _model_signing model-signing '"
        + word
        + "'; echo \"$COMP_CWORD $files ${COMPREPLY[*]}\"; ";
  }

  @Test
  void bashKnowsEveryCommandAndOption() throws Exception {
    require("bash");
    StringBuilder text = new StringBuilder("compopt() { :; }; ");
    List<Set<String>> expected = new ArrayList<>();
    for (Map.Entry<String, CommandSpec> each : commands().entrySet()) {
      Set<String> options = new TreeSet<>(options(each.getValue()));
      if (GROUPS.contains(each.getKey())) {
        options = options(commands().get(each.getKey() + " sigstore"));
      }
      expected.add(options);
      text.append(bash(each.getKey(), "-"));
      Set<String> words = new TreeSet<>(each.getValue().subcommands().keySet());
      if (!words.isEmpty()) {
        expected.add(words);
        text.append(bash(each.getKey(), ""));
      }
    }

    List<Set<String>> offered = new ArrayList<>();
    for (String line : run(Shell.BASH, text.toString())) {
      offered.add(new TreeSet<>(List.of(line.strip().replaceFirst("^\\d+ *", "").split(" "))));
    }

    assertThat(offered).isEqualTo(expected);
    assertThat(offered).hasSizeGreaterThan(25);
  }

  @Test
  void zshKnowsEveryCommandAndOption() throws Exception {
    require("zsh");
    String functions =
        "_arguments() { print -rl -- \"$@\" | grep -v -- '^-[sSC]$'; state=commands; return 1; };"
            + " _describe() { print -rl -- ${(P)2}; };"
            + " _alternative() { print -rl -- $commands; }; ";
    for (Map.Entry<String, CommandSpec> each : commands().entrySet()) {
      List<String> lines =
          run(
              Shell.ZSH,
              functions
                  + "words=(model-signing "
                  + each.getKey()
                  + " ''); CURRENT=${#words}; _model-signing || true");
      CommandSpec meant =
          GROUPS.contains(each.getKey())
              ? commands().get(each.getKey() + " sigstore")
              : each.getValue();
      Set<String> offered = new TreeSet<>();
      Set<String> words = new TreeSet<>();
      for (String line : lines) {
        if (line.matches("(\\([^)]*\\)|\\*)-.*")) {
          offered.add(line.replaceFirst("^(\\([^)]*\\)|\\*)", "").replaceFirst("[+=]?\\[.*", ""));
        } else if (line.matches("[a-z0-9-]+:.*")) {
          words.add(line.replaceFirst(":.*", ""));
        }
      }
      assertThat(offered).as(each.getKey()).isEqualTo(options(meant));
      words.remove("1");
      assertThat(words).as(each.getKey()).isEqualTo(each.getValue().subcommands().keySet());
    }
  }

  @Test
  void fishKnowsEveryCommandAndOption() throws Exception {
    require("fish");
    Map<String, Set<String>> offered = new TreeMap<>();
    StringBuilder text = new StringBuilder();
    for (String name : commands().keySet()) {
      text.append("echo '# ").append(name).append("'; ");
      text.append("complete -C 'model-signing ").append(name).append(name.isEmpty() ? "" : " ");
      text.append("-'; ");
    }
    String current = "";
    for (String line : run(Shell.FISH, text.toString())) {
      if (line.startsWith("# ")) {
        current = line.substring(2);
        offered.put(current, new TreeSet<>());
      } else {
        offered.get(current).add(line.replaceFirst("\t.*", ""));
      }
    }

    commands()
        .forEach(
            (name, command) -> assertThat(offered.get(name)).as(name).isEqualTo(options(command)));
    Set<String> words = new TreeSet<>();
    run(Shell.FISH, "complete -C 'model-signing '; complete -C 'model-signing pkcs11 '")
        .forEach(line -> words.add(line.replaceFirst("\t.*", "")));
    assertThat(words)
        .containsAll(commands().get("").subcommands().keySet())
        .containsAll(commands().get("pkcs11").subcommands().keySet());
  }

  // The Tab key in an interactive shell

  /** What is typed with the key for completion, and the arguments of what is then run. */
  private static final Map<String, String> LINES =
      Map.ofEntries(
          Map.entry("model-signing verif\t", "<verify>"),
          Map.entry("model-signing sign k\t m", "<sign><key><m>"),
          Map.entry("model-signing verify key --format=j\t", "<verify><key><--format=json>"),
          Map.entry("model-signing verify key --format sa\t", "<verify><key><--format><sarif>"),
          Map.entry(
              "model-signing verify sub --identity-p\t", "<verify><sub><--identity-provider>"),
          Map.entry(
              "model-signing --log-level DEB\tverify cert\tm --crl k\t",
              "<--log-level><DEBUG><verify><certificate><m><--crl><key.pem>"),
          Map.entry("model-signing digest a\t", "<digest><a$(touch PWNED)>"),
          Map.entry("model-signing digest b\t", "<digest><b`touch PWNED`>"),
          Map.entry("model-signing digest it\t", "<digest><it's.pem>"),
          Map.entry("model-signing digest sub/i\t", "<digest><sub/in a file>"),
          Map.entry("model-signing verify key x --only my\t", "<verify><key><x><--only><my model>"),
          Map.entry("model-signing generate-key --curve P-3\t", "<generate-key><--curve><P-384>"),
          Map.entry(
              "model-signing sign key m --hash-algorithm blake3\t",
              "<sign><key><m><--hash-algorithm><blake3>"),
          Map.entry(
              "model_signing sign pkcs11_key x --pk\t", "<sign><pkcs11_key><x><--pkcs11-uri>"),
          Map.entry(
              "model-signing verify key --public_key k\t", "<verify><key><--public_key><key.pem>"),
          Map.entry("model-signing verify key --copy-to k\t", "<verify><key><--copy-to><k>"),
          Map.entry(
              "model-signing verify key --copy-to my\t", "<verify><key><--copy-to><my model>"),
          Map.entry("model-signing verify key m --no-a\t", "<verify><key><m><--no-allow-symlinks>"),
          Map.entry("model-signing digest m -- --fo\t", "<digest><m><--><--fo>"),
          Map.entry("model-signing verify key m --jobs k\t", "<verify><key><m><--jobs><k>"),
          Map.entry(
              "model-signing sign sigstore m --identity-token k\t",
              "<sign><sigstore><m><--identity-token><k>"),
          Map.entry("model-signing completion z\t", "<completion><zsh>"),
          Map.entry("model-signing help fing\t", "<help><fingerprint>"));

  /** Also: no file of the directory is run, nor a command in its name. */
  @ParameterizedTest
  @EnumSource(names = {"BASH", "ZSH"})
  void completesInATerminal(Shell shell) throws Exception {
    require(shell.program);
    require("script");
    List<String> lines = LINES.keySet().stream().sorted().toList();
    Path input =
        Files.writeString(
            directory.resolve("input"),
            (shell == Shell.ZSH ? "autoload -Uz compinit && compinit -D -u; " : "")
                + "source "
                + script(shell)
                + "\n"
                + String.join("\n", lines)
                + "\nexit 0\n");

    String terminal = run(input, "script", "-qec", shell.interactive, "/dev/null");

    List<String> ran =
        Files.readAllLines(typed).stream().map(each -> each.replace("/>", ">")).toList();
    assertThat(ran).as(terminal).isEqualTo(lines.stream().map(LINES::get).toList());
    assertThat(model.resolve("PWNED")).doesNotExist();
  }

  /** Shells that do not split words at {@code =} get the whole word. */
  @Test
  void completesValuesInBashWhereWordsAreNotParted() throws Exception {
    require("bash");
    assertThat(run(Shell.BASH, "compopt() { :; }; " + bash("verify key", "--format=j")))
        .containsExactly("3  --format=json");
  }

  // Of commands of others

  @Command(name = "hostile", subcommands = Concealed.class)
  @SuppressWarnings("UnusedVariable") // only described
  private static final class Hostile {
    @Option(
        names = {"-e", "--evil"},
        description = "It's $(touch PWNED) [a]: `touch PWNED` 100%%. Not this.")
    private boolean evil;

    @Option(names = "--hidden", hidden = true, description = "Not to be seen.")
    private boolean hidden;
  }

  @Command(name = "concealed", hidden = true)
  private static final class Concealed {}

  @Test
  void hidesWhatIsHiddenAndQuotesTheRest() throws Exception {
    CommandSpec command = new CommandLine(new Hostile()).getCommandSpec();
    String zsh = ZshScript.of(command, Map.of());

    for (String script :
        List.of(BashScript.of(command, Map.of()), zsh, FishScript.of(command, Map.of()))) {
      assertThat(script).contains("evil").doesNotContain("hidden", "concealed", "Not this");
    }
    assertThat(zsh)
        .contains("'(-e --evil)--evil[It'\\''s $(touch PWNED) \\[a\\]: `touch PWNED` 100%]' \\\n");
  }
}
