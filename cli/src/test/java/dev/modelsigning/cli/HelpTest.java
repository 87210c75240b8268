package dev.modelsigning.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.usage.HelpText;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** The content of every help text, and how it fits into a terminal. */
class HelpTest {

  static Stream<String> commands() {
    return Stream.concat(Stream.of(""), Commands.ENTRIES.stream().map(Commands.Entry::name));
  }

  private static CommandSpec command(String name) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    CommandLine command =
        Commands.all(
            new RootCommand(
                Output.on(nowhere, nowhere, UnaryOperator.identity()),
                MachineVerdict.of(new String[0]),
                Map.of()));
    for (String word : name.isEmpty() ? new String[0] : name.split(" ")) {
      command = command.getSubcommands().get(word);
    }
    return command.getCommandSpec();
  }

  private static String help(String name, int columns) {
    CommandSpec command = command(name);
    return HelpText.of(command, columns, Commands.documentation(command));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void fitsIntoATerminal(String name) {
    assertThat(help(name, 80).lines()).allMatch(line -> line.length() <= 80);
    assertThat(help(name, 300)).isEqualTo(help(name, 80));
  }

  /** What cannot be broken, such as an address, or an example, may be too long for it. */
  @ParameterizedTest
  @MethodSource("commands")
  void fitsIntoANarrowTerminal(String name) {
    for (int columns : new int[] {40, 50, 65, 72}) {
      assertThat(help(name, columns).lines())
          .filteredOn(line -> line.length() > columns)
          .allMatch(
              line -> isVerbatim(name, line) || !line.strip().contains(" "), "of one word at most");
    }
    assertThat(help(name, 1)).isEqualTo(help(name, 40));
  }

  private static boolean isVerbatim(String name, String line) {
    return Arrays.stream(command(name).usageMessage().footer())
        .map(each -> each.replace("%%", "%"))
        .anyMatch(each -> each.startsWith(" ") && each.equals(line));
  }

  /** Whatever the width, it has the same words: no name is broken, at a hyphen or a point say. */
  @ParameterizedTest
  @MethodSource("commands")
  void breaksNoNames(String name) {
    List<String> words = words(help(name, 80));

    assertThat(words(help(name, 40))).isEqualTo(words);
    assertThat(words(help(name, 61))).isEqualTo(words);
    CommandSpec command = command(name);
    List<String> said = new ArrayList<>();
    said.addAll(List.of(command.usageMessage().description()));
    said.addAll(List.of(command.usageMessage().footer()));
    for (ArgSpec argument : command.args()) {
      if (!argument.hidden()) {
        said.addAll(List.of(argument.description()));
      }
    }
    assertThat(words).containsAll(words(String.join(" ", said).replace("%%", "%")));
  }

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void endsEverySentence(String name) {
    CommandSpec command = command(name);

    assertThat(command.usageMessage().description()).isNotEmpty().allMatch(HelpTest::isSentence);
    for (ArgSpec argument : command.args()) {
      if (!argument.hidden()) {
        assertThat(String.join(" ", argument.description()))
            .as("of %s", argument.paramLabel())
            .matches(HelpTest::isSentence, "ends with a full stop");
      }
    }
    // A footer has paragraphs, behind a line that is empty, and then examples.
    List<String> footer = List.of(command.usageMessage().footer());
    List<String> paragraphs =
        footer.stream().filter(line -> !line.isEmpty() && !line.startsWith(" ")).toList();
    assertThat(paragraphs)
        .filteredOn(line -> !line.matches("Examples?:"))
        .allMatch(HelpTest::isSentence);
  }

  private static boolean isSentence(String text) {
    return text.matches("(?s)[A-Z'${a-z].*[^ .]\\.");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void endsWithTheManualPageAndADocumentThatThereIs(String name) {
    String last = help(name, 80).lines().reduce((first, second) -> second).orElseThrow();
    String page = ("model-signing " + name).strip().replace(' ', '-');

    assertThat(last).matches("More: man " + page + "; (README|docs/[a-z-]+)\\.md\\.");
    String document = last.replaceAll(".*; |\\.$", "");
    assertThat(Path.of(System.getProperty("modelsigning.root"), document)).isRegularFile();
  }

  @Test
  void saysWhatACommandNeedsAndNoMore() {
    assertThat(help("verify key", 80))
        .startsWith(
            """
            Usage: model-signing verify key --signature=FILE --public-key=KEY [OPTION]...
                   MODEL_PATH
            """);
    assertThat(help("sign", 80))
        .startsWith("Usage: model-signing sign [OPTION]... [METHOD] MODEL_PATH\n");
    assertThat(help("help", 80)).startsWith("Usage: model-signing help [OPTION]... [COMMAND...]\n");
  }

  @Test
  void hasTheTourAmongTheCommands() {
    assertThat(help("", 80))
        .containsPattern("(?m)^  quickstart +Show signing and verifying with a real model");
    Invocation.of("quickstart").assertUsage("by the launcher of a checkout");
  }

  @Test
  void saysWhichOptionsMayBeDenied() {
    assertThat(help("digest", 80))
        .contains("\n      --[no-]ignore-git-paths\n")
        .contains("\n  -q, --quiet               Print nothing but failures.\n")
        .contains(".gitignore");
  }
}
