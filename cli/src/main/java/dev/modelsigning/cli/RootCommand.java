package dev.modelsigning.cli;

import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.Program.Cluster;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.command.Underscores;
import dev.modelsigning.cli.command.VerdictFormat;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.output.LogLevel;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.output.Terminal;
import dev.modelsigning.cli.usage.HelpText;
import dev.modelsigning.cli.watch.StopSignal;
import dev.modelsigning.cli.watch.TerminationLog;
import dev.modelsigning.cli.watch.Watch;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.report.FailureMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of the command line, with what all commands share. */
@Command(
    name = "model-signing",
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

  private Output output;
  private final MachineVerdict machine;
  private final Map<String, String> environment;
  private final @Nullable Cluster cluster;

  @Spec private CommandSpec spec;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      scope = ScopeType.INHERIT,
      description =
          "How much to say: ${COMPLETION-CANDIDATES}. Also read from MODEL_SIGNING_LOG_LEVEL."
              + " Default: INFO.")
  private @Nullable LogLevel logLevel;

  /** The arguments as typed, to tell which one is meant without showing it. */
  private List<String> arguments = List.of();

  private static final String LOG_LEVEL_VARIABLE = "MODEL_SIGNING_LOG_LEVEL";

  /** The runs of this command line, if it is run at intervals. */
  private @Nullable Watch watch;

  /** Whether the command line was parsed. */
  private boolean begun;

  /** The command, once the command line was parsed. */
  private @Nullable Task task;

  RootCommand(Output output, MachineVerdict machine, Map<String, String> environment) {
    this(output, machine, environment, null, null);
  }

  /**
   * The same for the program of a cluster, or for one of several runs of a command line.
   *
   * @param cluster reads the models
   * @param watch the runs, once the first has begun
   */
  RootCommand(
      Output output,
      MachineVerdict machine,
      Map<String, String> environment,
      @Nullable Cluster cluster,
      @Nullable Watch watch) {
    this.cluster = cluster;
    this.output = watch == null ? output : output.in(watch.round());
    this.machine = machine;
    this.environment = environment;
    this.watch = watch;
  }

  /** Returns the root of a command. */
  static RootCommand of(CommandSpec command) {
    return (RootCommand) command.root().userObject();
  }

  /** Returns another instance, from which a tree of commands can be built for inspection. */
  RootCommand unused() {
    return new RootCommand(output, machine, Map.of());
  }

  /** Forgets what a command line said that is parsed anew. */
  void forgetParsed() {
    logLevel = null;
  }

  /** Whether the command line was parsed, so that its command may have begun. */
  boolean hasBegun() {
    return begun;
  }

  /** Stores the command line as typed. */
  void typed(String[] args) {
    arguments = List.of(args);
  }

  /** The machine-readable verdict, if one is expected. */
  MachineVerdict machine() {
    return machine;
  }

  /** Receives the parsed command line. */
  void parsed(ParseResult result) {
    begun = true;
    machine.parsed(result);
    List<CommandLine> commands = result.asCommandLineList();
    if (commands.get(commands.size() - 1).getCommand() instanceof Task last) {
      task = last;
      Optional<Duration> interval = last.interval();
      // A document of SARIF has no place for a round, and there are none: that is wrong usage.
      if (watch == null && interval.isPresent() && machine.format() != VerdictFormat.SARIF) {
        watch(interval.get());
      }
    }
  }

  private void watch(Duration interval) {
    watch = new Watch(interval);
    output = output.in(watch.round());
  }

  /** The runs of this command line, if it is run at intervals. */
  @Nullable Watch watch() {
    return watch;
  }

  /** Says how one of several runs of this command line ended. Programs have their verdict. */
  void endRound(String result) {
    if (watch != null && task != null && !machine.isWanted()) {
      output(task.quiet()).round(result);
    }
  }

  /** Says that one of several runs of this command line succeeded. */
  void endRound() {
    if (task != null) {
      endRound(task.summary());
    }
  }

  @Override
  public void failing(Exception why) {
    failed(List.of(Failures.headline(why, task)));
  }

  /**
   * Notes a failure, before it is said, and writes its lines where the command was told to, as far
   * as possible.
   */
  void failed(List<String> lines) {
    StopSignal.failed();
    @Nullable Path log = task == null ? null : task.terminationLog().orElse(null);
    if (log != null) {
      try {
        TerminationLog.write(log, lines, output);
      } catch (IOException e) {
        output.error("The verdict is not in " + log + ": " + FailureMessage.of(e));
      }
    }
  }

  /** The position of an argument in the command line, counted from 1; 0 if it is not there. */
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

  /** An output that is independent of the settings. */
  Output plainOutput() {
    return output;
  }

  /** Refuses invalid settings in the environment, before anything else is done. */
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
  public Optional<Cluster> cluster() {
    return Optional.ofNullable(cluster);
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
