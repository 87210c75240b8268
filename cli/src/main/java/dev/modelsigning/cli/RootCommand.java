package dev.modelsigning.cli;

import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.Underscores;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.output.LogLevel;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.output.Terminal;
import dev.modelsigning.cli.usage.HelpText;
import dev.modelsigning.internal.json.Printable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The top of the command line, and what all commands share. */
@Command(
    name = "model-signing",
    versionProvider = Version.class,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false,
    description = "Sign and verify machine-learning models (OpenSSF Model Signing).",
    footer = {
      "",
      "Examples:",
      "  model-signing generate-key --private-key key.pem --public-key key.pub",
      "  model-signing sign key my-model --private-key key.pem \\",
      "      --signature model.sig",
      "  model-signing verify key my-model --signature model.sig \\",
      "      --public-key key.pub",
      "",
      "Exit status: 0 success, 1 failure, 2 wrong usage. Of diff: 0 the same, 1 different,"
          + " 2 not compared."
    })
final class RootCommand implements Program, Callable<Integer> {

  private final Output output;
  private final MachineVerdict machine;
  private final Map<String, String> environment;

  @Spec private CommandSpec spec;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      scope = ScopeType.INHERIT,
      description =
          "How much to say: ${COMPLETION-CANDIDATES}. Also read from MODEL_SIGNING_LOG_LEVEL."
              + " Default: INFO.")
  private @Nullable LogLevel logLevel;

  /** As they were typed, to say which one is meant without showing it. */
  private List<String> arguments = List.of();

  private static final String LOG_LEVEL_VARIABLE = "MODEL_SIGNING_LOG_LEVEL";

  RootCommand(Output output, MachineVerdict machine, Map<String, String> environment) {
    this.output = output;
    this.machine = machine;
    this.environment = environment;
  }

  /** The top of the command line that a command belongs to. */
  static RootCommand of(CommandSpec command) {
    return (RootCommand) command.root().userObject();
  }

  /** Another one like this, of which a tree of commands can be made to look at. */
  RootCommand unused() {
    return new RootCommand(output, machine, Map.of());
  }

  /** Remembers the command line as it was typed. */
  void typed(String[] args) {
    arguments = List.of(args);
  }

  /** The verdict for machines, if a program waits for one, whatever else is wrong. */
  MachineVerdict machine() {
    return machine;
  }

  /** Learns that the command line could be parsed, and how. */
  void parsed(ParseResult result) {
    machine.parsed(result);
  }

  /** Where an argument stands in the command line, counted from 1; 0 if it does not. */
  int position(String argument) {
    for (int i = 0; i < arguments.size(); i++) {
      String each = arguments.get(i);
      if (each.equals(argument) || Underscores.hyphenateName(each).equals(argument)) {
        return i + 1;
      }
    }
    return 0;
  }

  @Override
  public Output output(boolean quiet) {
    return output.at(quiet ? LogLevel.ERROR : logLevel(), quiet);
  }

  /** An output that works whatever the settings are. */
  Output plainOutput() {
    return output;
  }

  /** Refuses settings in the environment that are wrong, before anything is done. */
  void checkEnvironment() {
    logLevel();
  }

  private LogLevel logLevel() {
    if (logLevel != null) {
      return logLevel;
    }
    String variable = environment.getOrDefault(LOG_LEVEL_VARIABLE, "");
    if (variable.isEmpty()) {
      return LogLevel.INFO;
    }
    try {
      return LogLevel.valueOf(variable.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(
          spec,
          LOG_LEVEL_VARIABLE
              + " is "
              + Printable.quote(variable)
              + ", expected one of "
              + Arrays.toString(LogLevel.values()),
          e);
    }
  }

  @Override
  public Map<String, String> environment() {
    return environment;
  }

  @Override
  public Integer call() {
    help(spec).lines().forEach(output::error);
    return spec.exitCodeOnInvalidInput();
  }

  /** The help of a command. */
  static String help(CommandSpec command) {
    return HelpText.of(command, Terminal.columns(), Commands.documentation(command));
  }
}
