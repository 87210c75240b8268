package dev.modelsigning.cli.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.cli.Reference;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The table says what the annotations say. It is made anew with {@code
 * -Dmodelsigning.writeGolden=true}.
 */
class CommonFormsTest {

  static final List<String> COMMANDS =
      List.of(
          "verify key",
          "verify certificate",
          "verify sigstore",
          "verify policy",
          "sign key",
          "sign certificate",
          "sign sigstore",
          "digest",
          "inspect");

  private static final Path TABLE =
      Path.of(
          System.getProperty("basedir", ""),
          "src/main/java/dev/modelsigning/cli/form/FormTable.java");

  /** All commands, by their annotations; they are only looked at. */
  private static final CommandSpec ALL = Reference.commands();

  private static List<CommandSpec> specs(String name) {
    List<CommandSpec> specs = new ArrayList<>(List.of(ALL));
    for (String word : name.split(" ", -1)) {
      specs.add(specs.get(specs.size() - 1).subcommands().get(word).getCommandSpec());
    }
    return specs;
  }

  /** The program, the group if there is one, and the command: new ones. */
  private static List<Object> commands(String name) {
    List<Object> commands = new ArrayList<>();
    try {
      for (CommandSpec spec : specs(name)) {
        Class<?> type = spec.userObject().getClass();
        if (spec.parent() == null) {
          Method another = type.getDeclaredMethod("unused");
          another.setAccessible(true);
          commands.add(another.invoke(spec.userObject()));
        } else {
          Constructor<?> constructor = type.getDeclaredConstructor();
          constructor.setAccessible(true);
          commands.add(constructor.newInstance());
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
    return commands;
  }

  /** The program with one command, by their annotations. */
  static CommandLine annotated(String name) {
    List<Object> commands = commands(name);
    CommandLine below = new CommandLine(commands.get(commands.size() - 1));
    for (int i = commands.size() - 2; i >= 0; i--) {
      below = new CommandLine(commands.get(i)).addSubcommand(below);
    }
    below.getCommandSpec().mixinStandardHelpOptions(true);
    return below;
  }

  /** The same by the table. */
  static CommandLine common(String name) {
    return CommonForms.of(commands(name).toArray());
  }

  @Test
  void isMadeFromTheAnnotations() throws Exception {
    FormWriter writer = new FormWriter();
    for (String name : COMMANDS) {
      for (CommandSpec spec : specs(name)) {
        writer.add(spec);
      }
    }
    if (Boolean.getBoolean("modelsigning.writeGolden")) {
      Files.writeString(TABLE, writer.source());
    }

    assertThat(Files.readString(TABLE)).isEqualTo(writer.source());
  }

  @Test
  void hasNoOtherCommands() {
    List<String> found = new ArrayList<>();
    for (CommandLine command : ALL.subcommands().values()) {
      List<CommandLine> below = new ArrayList<>(command.getSubcommands().values());
      for (CommandLine each : below.isEmpty() ? List.of(command) : below) {
        CommandSpec spec = each.getCommandSpec();
        if (CommonForms.has(spec.userObject().getClass().getName())) {
          found.add(spec.qualifiedName().replace("model-signing ", ""));
        }
      }
    }

    assertThat(found).containsExactlyInAnyOrderElementsOf(COMMANDS);
  }

  @Test
  void refusesACommandThatIsNotThere() {
    assertThatThrownBy(() -> CommonForms.of("no program", "no command"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("java.lang.String is not in the table");
  }

  @ParameterizedTest
  @FieldSource("COMMANDS")
  void saysWhatTheAnnotationsSay(String name) {
    CommandSpec common = common(name).getCommandSpec();
    for (CommandSpec annotated : specs(name)) {
      if (annotated.parent() != null) {
        common = common.subcommands().get(annotated.name()).getCommandSpec();
        assertThat(common.parent().subcommands()).containsOnlyKeys(annotated.name());
      }
      assertThat(common.qualifiedName()).isEqualTo(annotated.qualifiedName());
      assertThat(properties(common)).isEqualTo(properties(annotated));
      // In the order in which missing ones are named.
      assertThat(common.args().stream().map(CommonFormsTest::properties))
          .containsExactlyElementsOf(
              annotated.args().stream().map(CommonFormsTest::properties).toList());
      assertThat(common.requiredArgs().stream().map(ArgSpec::paramLabel))
          .containsExactlyElementsOf(
              annotated.requiredArgs().stream().map(ArgSpec::paramLabel).toList());
    }
  }

  private static List<Object> properties(CommandSpec spec) {
    return Arrays.asList(
        spec.userObject().getClass(),
        List.of(spec.aliases()),
        spec.helpCommand(),
        spec.argGroups(),
        spec.unmatchedArgsBindings(),
        spec.defaultValueProvider(),
        spec.subcommandsRepeatable(),
        spec.exitCodeOnSuccess(),
        spec.exitCodeOnInvalidInput(),
        spec.exitCodeOnExecutionException(),
        spec.exitCodeOnUsageHelp(),
        spec.exitCodeOnVersionHelp(),
        spec.parser().toString(),
        List.copyOf(spec.optionsMap().keySet()),
        List.copyOf(spec.negatedOptionsMap().keySet()),
        List.copyOf(spec.posixOptionsMap().keySet()));
  }

  private static boolean isHelp(ArgSpec argument) {
    return argument instanceof OptionSpec option && (option.usageHelp() || option.versionHelp());
  }

  /** What counts for parsing; the rest is for help. */
  private static Map<String, Object> properties(ArgSpec argument) {
    Map<String, Object> properties = new LinkedHashMap<>();
    if (argument instanceof OptionSpec option) {
      properties.put("names", List.of(option.names()));
      properties.put("negatable", option.negatable());
      properties.put("fallback", option.fallbackValue());
      properties.put("usage help", option.usageHelp());
      properties.put("version help", option.versionHelp());
    } else if (argument instanceof PositionalParamSpec parameter) {
      properties.put("index", parameter.index());
    }
    properties.put("type", argument.type());
    properties.put("element", List.of(argument.auxiliaryTypes()));
    properties.put("arity", argument.arity());
    properties.put("label", isHelp(argument) ? "" : argument.paramLabel());
    properties.put("required", argument.required());
    properties.put("hidden", argument.hidden());
    properties.put("inherited", argument.inherited());
    properties.put("scope", argument.scopeType());
    properties.put("default", argument.defaultValue());
    properties.put("of a map", argument.mapFallbackValue());
    properties.put("split", argument.splitRegex());
    properties.put("interactive", argument.interactive());
    properties.put("group", argument.group());
    properties.put("consumer", argument.parameterConsumer());
    properties.put("preprocessor", argument.preprocessor().getClass());
    properties.put("converters", argument.converters().length);
    List<String> candidates = new ArrayList<>();
    if (argument.completionCandidates() != null) {
      argument.completionCandidates().forEach(candidates::add);
    }
    properties.put("candidates", candidates);
    return properties;
  }
}
