package dev.modelsigning.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.modelsigning.cli.output.Output;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Which commands are registered with picocli. */
class CommandsTest {

  private static RootCommand top() {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    return new RootCommand(
        Output.on(nowhere, nowhere, UnaryOperator.identity()),
        MachineVerdict.of(new String[0]),
        Map.of());
  }

  /** The names of all commands below this one, without that of the tool. */
  private static List<String> below(CommandLine command) {
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, CommandLine> each : command.getSubcommands().entrySet()) {
      CommandSpec spec = each.getValue().getCommandSpec();
      assertThat(spec.name()).isEqualTo(each.getKey());
      names.add(spec.qualifiedName().replace("model-signing ", ""));
      names.addAll(below(each.getValue()));
    }
    return names;
  }

  static List<String> all() {
    return Commands.ENTRIES.stream().map(Commands.Entry::name).toList();
  }

  @Test
  void showsEveryCommandByTheNameThatItIsRegisteredBy() {
    assertThat(below(Commands.all(top())))
        .isEqualTo(all())
        .contains("digest", "sign key", "verify key", "pkcs11 list")
        .allMatch(Commands::exists);
    for (Commands.Entry entry : Commands.ENTRIES) {
      assertThat(new CommandLine(entry.create()).getCommandName())
          .isEqualTo(entry.name().replaceFirst(".* ", ""));
    }
  }

  @Test
  void registersEveryClassThatIsACommand() {
    List<String> commands =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.modelsigning.cli")
                .stream()
                .filter(type -> type.isAnnotatedWith(CommandLine.Command.class))
                .map(JavaClass::getName)
                .filter(name -> !name.equals(RootCommand.class.getName()))
                .toList();

    assertThat(Commands.ENTRIES.stream().map(Commands.Entry::type))
        .doesNotHaveDuplicates()
        .filteredOn(name -> !name.startsWith("picocli."))
        .containsExactlyInAnyOrderElementsOf(commands);
  }

  @Test
  void hasAGroupBeforeWhatIsInIt() {
    List<String> seen = new ArrayList<>();
    for (String name : all()) {
      String[] words = name.split(" ");
      assertThat(words).hasSizeBetween(1, 2);
      if (words.length == 2) {
        assertThat(seen).contains(words[0]);
      }
      seen.add(name);
    }
  }

  @Test
  void refusesAnEntryWhoseClassIsNotThere() {
    Commands.Entry entry = new Commands.Entry("sign nothing", "nowhere", "sign.NoCommand");

    assertThatThrownBy(entry::create)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("sign nothing is not a command of this program");
  }

  /** A line in the list of commands is all that a user sees before asking for more. */
  @ParameterizedTest
  @MethodSource("all")
  void saysInALineWhatACommandIsFor(String name) {
    String[] description =
        command(Commands.all(top()), name.split(" ")).getCommandSpec().usageMessage().description();

    assertThat(description).isNotEmpty();
    assertThat(description[0]).isNotBlank();
  }

  private static final List<String> GROUPS =
      List.of(
          "sign",
          "verify",
          "attest",
          "verify-attestation",
          "policy",
          "oci",
          "serve",
          "timestamp",
          "pkcs11",
          "completion",
          "help");

  @ParameterizedTest
  @MethodSource("all")
  void showsOnlyTheCommandThatIsRun(String name) {
    List<String> shown = below(Commands.named(top(), (name + " model").split(" ")));

    if (GROUPS.contains(name)) {
      assertThat(shown).isEqualTo(all());
    } else {
      assertThat(shown).last().isEqualTo(name);
      assertThat(shown).hasSameSizeAs(name.split(" "));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "verify key",
        "verify certificate",
        "verify sigstore",
        "verify policy",
        "sign key",
        "sign certificate",
        "sign sigstore",
        "digest",
        "inspect"
      })
  void takesACommonCommandFromTheTable(String name) {
    CommandLine common = Commands.common(top(), (name + " model").split(" "));

    assertThat(common).isNotNull();
    assertThat(below(common)).isEqualTo(below(Commands.named(top(), name.split(" "))));
    // Nothing was read for help.
    assertThat(command(common, name.split(" ")).getCommandSpec().usageMessage().description())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--help",
        "--log-level DEBUG digest",
        "verify",
        "verify -h",
        "sign pkcs11-key",
        "diff",
        "generate-key",
        "digset",
        "help digest"
      })
  void takesNothingElseFromTheTable(String line) {
    assertThat(Commands.common(top(), line.isEmpty() ? new String[0] : line.split(" "))).isNull();
  }

  /** A text with a percent sign that is not doubled makes picocli warn. */
  @ParameterizedTest
  @MethodSource("all")
  void printsHelpWithoutAnyWarning(String name) {
    PrintStream standardError = System.err;
    ByteArrayOutputStream warnings = new ByteArrayOutputStream();
    System.setErr(new PrintStream(warnings, true, StandardCharsets.UTF_8));
    try {
      String[] words = name.split(" ");
      assertThat(help(Commands.named(top(), words), words)).doesNotContain("%%");
    } finally {
      System.setErr(standardError);
    }
    assertThat(warnings.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"generate_key, generate-key", "sign pkcs11_key, sign pkcs11-key"})
  void takesUnderscoresForHyphens(String words, String name) {
    assertThat(below(Commands.named(top(), words.split(" ")))).last().isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--help",
        "--log-level DEBUG digest",
        "sign",
        "verify -h",
        "digset",
        "-- digest"
      })
  void showsAllWhereNoCommandComesFirst(String line) {
    String[] args = line.isEmpty() ? new String[0] : line.split(" ");

    assertThat(below(Commands.named(top(), args))).isEqualTo(all());
  }

  @ParameterizedTest
  @MethodSource("all")
  void showsACommandTheSameWithAndWithoutTheOthers(String name) {
    String[] words = name.split(" ");

    assertThat(help(Commands.named(top(), words), words))
        .isEqualTo(help(Commands.all(top()), words));
  }

  private static String help(CommandLine top, String[] words) {
    return RootCommand.help(command(top, words).getCommandSpec());
  }

  private static CommandLine command(CommandLine top, String[] words) {
    CommandLine command = top;
    for (String word : words) {
      command = command.getSubcommands().get(word);
    }
    return command;
  }
}
