package dev.modelsigning.cli;

import dev.modelsigning.cli.command.Program.Cluster;
import dev.modelsigning.cli.command.ProgramRules;
import dev.modelsigning.cli.command.Underscores;
import dev.modelsigning.cli.command.VerdictFormat;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.form.Conversion;
import dev.modelsigning.cli.output.ClosedPipe;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.trace.CommandSpan;
import dev.modelsigning.cli.watch.StopSignal;
import dev.modelsigning.cli.watch.Watch;
import dev.modelsigning.pkcs11.Pkcs11Uri;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;

/** The entry point of the command line. */
public final class Main {

  /**
   * The status that the launcher adds if a machine-readable verdict is expected: it distinguishes
   * an exit of this program from a JVM that failed without output.
   */
  private static final String STATUS_PROPERTY = "modelsigning.status";

  /** The variable by which OpenTelemetry is told to configure itself where it is first used. */
  private static final String SPANS_VARIABLE = "OTEL_JAVA_GLOBAL_AUTOCONFIGURE_ENABLED";

  private Main() {}

  /**
   * Who runs a command.
   *
   * @param environment the variables
   * @param cluster reads the models, if the program of a cluster runs it
   * @param readerHasGone whether nobody reads standard output any more
   * @param stopped the status of this process if it is told to end after a command at intervals
   *     succeeded once; empty if the process is another program's
   */
  private record Caller(
      Map<String, String> environment,
      @Nullable Cluster cluster,
      BooleanSupplier readerHasGone,
      OptionalInt stopped) {}

  /**
   * Runs a command and ends the process: 0 success, 1 failure, 2 wrong usage.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    NoLogging.install();
    PrintStream out = stream(FileDescriptor.out);
    PrintStream err = stream(FileDescriptor.err);
    // The JDK would print the messages of such failures unescaped.
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> output(out, err).internalError(failure));
    Output output = output(out, err);
    String offset = System.getProperty(STATUS_PROPERTY);
    MachineVerdict machine = MachineVerdict.of(args);
    if (offset == null && machine.isWanted()) {
      machine.printWhenInterrupted(output);
    }
    int addend = offset == null ? 0 : Integer.parseInt(offset);
    Caller caller =
        new Caller(
            System.getenv(), null, Main::readerHasGone, OptionalInt.of(ExitCode.OK + addend));
    int status = run(args, machine, output, out, err, caller) + addend;
    // On exit, a JVM may first search for a logger.
    if (status != ExitCode.OK) {
      System.exit(status);
    }
  }

  private static boolean readerHasGone() {
    return ClosedPipe.isStandardOutput(new FileOutputStream(FileDescriptor.out).getChannel());
  }

  /** Runs a command with these output streams. */
  static int run(String[] args, PrintStream out, PrintStream err, Map<String, String> environment) {
    return run(args, out, err, new Caller(environment, null, () -> false, OptionalInt.empty()));
  }

  /**
   * Runs a command within another program, and returns its status: 0 success, 1 failure, 2 wrong
   * usage.
   *
   * @param cluster reads the models, which must be there
   */
  public static int run(
      String[] args,
      PrintStream out,
      PrintStream err,
      Map<String, String> environment,
      Cluster cluster) {
    return run(args, out, err, new Caller(environment, cluster, () -> false, OptionalInt.empty()));
  }

  private static int run(String[] args, PrintStream out, PrintStream err, Caller caller) {
    return run(args, MachineVerdict.of(args), output(out, err), out, err, caller);
  }

  private static int run(
      String[] args,
      MachineVerdict machine,
      Output output,
      PrintStream out,
      PrintStream err,
      Caller caller) {
    int status;
    try {
      status = execute(args, machine, output, out, err, caller);
    } catch (OutOfMemoryError e) {
      machine.outOfMemory(output);
      err.println(
          "error: out of memory, so nothing was signed or verified;"
              + " give the process more, as in JAVA_OPTS=-Xmx4g");
      return failureStatus(args);
    } catch (RuntimeException | Error e) {
      // Exceptions that picocli passes through; their messages may contain file names.
      machine.failed(
          output,
          OptionalInt.of(ExitCode.SOFTWARE),
          ProgramRules.INTERNAL_ERROR,
          Output.INTERNAL_ERROR + e);
      output.internalError(e);
      return failureStatus(args);
    }
    if (status != ExitCode.OK) {
      machine.failed(
          output,
          OptionalInt.of(status),
          ProgramRules.INTERNAL_ERROR,
          "ended with the status " + status + " and no reason");
    }
    err.flush();
    if (out.checkError() && !caller.readerHasGone().getAsBoolean()) {
      // A verdict or digest that was lost must not look like success.
      err.println("error: standard output could not be written");
      return status == ExitCode.OK || isDiff(args) ? failureStatus(args) : status;
    }
    return status;
  }

  /** The exit status of a failure outside any command. */
  private static int failureStatus(String[] args) {
    return isDiff(args) ? ExitCode.USAGE : ExitCode.SOFTWARE;
  }

  /** Whether it is the command for which exit status 1 is a regular result. */
  private static boolean isDiff(String[] args) {
    int index = SigningMethods.commandIndex(args);
    return index < args.length && args[index].equals("diff");
  }

  /**
   * Executes a command line; again and again if it says so, until it fails, nobody reads what it
   * prints, or this thread is interrupted.
   */
  private static int execute(
      String[] args,
      MachineVerdict machine,
      Output output,
      PrintStream out,
      PrintStream err,
      Caller caller) {
    @Nullable Watch watch = null;
    while (true) {
      RootCommand top =
          new RootCommand(output, machine, caller.environment(), caller.cluster(), watch);
      int status = execute(args, top, out, err, caller.cluster());
      boolean first = watch == null;
      watch = top.watch();
      if (watch == null || status != ExitCode.OK) {
        return status;
      }
      if (out.checkError()) {
        return unread(top, err, caller);
      }
      if (first) {
        machine.willRepeat();
        caller
            .stopped()
            .ifPresent(succeeded ->
                StopSignal.endsWith(succeeded, succeeded - ExitCode.OK + ExitCode.SOFTWARE));
      }
      try {
        watch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return status;
      }
    }
  }

  /** A verification at intervals ends if nobody learns of it, which is no success. */
  private static int unread(RootCommand top, PrintStream err, Caller caller) {
    String message = "nobody reads standard output any more, so nothing is verified any more";
    top.failed(List.of("Error: " + message));
    if (caller.readerHasGone().getAsBoolean()) {
      err.println("error: " + message);
    }
    return ExitCode.SOFTWARE;
  }

  private static int execute(
      String[] args, RootCommand top, PrintStream out, PrintStream err, @Nullable Cluster cluster) {
    // The method first: it determines the options, and thereby which underscores belong to names.
    String[] named =
        SigningMethods.withDefault(args, cluster == null ? argument -> false : cluster::isMeant);
    top.typed(args);
    try {
      return execute(named, top, line -> configured(line, out, err, cluster));
    } catch (OutOfMemoryError e) {
      top.failed(List.of("Verification failed with error: out of memory"));
      throw e;
    } catch (RuntimeException | Error e) {
      top.failed(List.of(Output.INTERNAL_ERROR + e));
      throw e;
    }
  }

  /**
   * Executes a command line by the table, where its command is there. What is wrong in it and what
   * asks for help is for the annotations, which have the words.
   */
  private static int execute(
      String[] args, RootCommand top, UnaryOperator<CommandLine> configuration) {
    // Picocli need not look for converters for types that have ours or are not used, nor for
    // Groovy, for which it would open the jar.
    System.setProperty("picocli.converters.excludes", "java[.](time|sql|nio)[.].*");
    System.setProperty("picocli.disable.closures", "true");
    @Nullable CommandLine common = Commands.common(top, args);
    if (common == null) {
      return executeAnnotated(args, top, configuration);
    }
    configuration
        .apply(common)
        .setExecutionStrategy(parsed ->
            wantsHelp(parsed) ? executeAnnotated(args, top, configuration) : execute(parsed, top))
        .setParameterExceptionHandler((failure, typed) ->
            top.hasBegun()
                ? Failures.usage(failure, typed)
                : executeAnnotated(args, top, configuration))
        .setExecutionExceptionHandler(Failures::execution);
    return common.execute(Underscores.toHyphens(common.getCommandSpec(), args));
  }

  private static int executeAnnotated(
      String[] args, RootCommand top, UnaryOperator<CommandLine> configuration) {
    top.forgetParsed();
    CommandLine annotated = Commands.named(top, args);
    configuration
        .apply(annotated)
        .setExecutionStrategy(parsed -> execute(parsed, top))
        .setParameterExceptionHandler(Failures::usage)
        .setExecutionExceptionHandler(Failures::execution);
    return annotated.execute(Underscores.toHyphens(annotated.getCommandSpec(), args));
  }

  private static boolean wantsHelp(CommandLine.ParseResult parsed) {
    for (CommandLine command : parsed.asCommandLineList()) {
      if (command.isUsageHelpRequested() || command.isVersionHelpRequested()) {
        return true;
      }
    }
    return false;
  }

  /** The same command line with what is the same for all commands. */
  private static CommandLine configured(
      CommandLine line, PrintStream out, PrintStream err, @Nullable Cluster cluster) {
    line.setOut(writer(out))
        .setErr(writer(err))
        .setCaseInsensitiveEnumValuesAllowed(true)
        // As in the Python tool, the last occurrence counts.
        .setOverwrittenOptionsAllowed(true)
        .setExpandAtFiles(false);
    return Conversion.addTo(line, cluster);
  }

  private static int execute(CommandLine.ParseResult parsed, RootCommand top) {
    if (top.machine().isWanted()) {
      requireNoHelp(parsed, top.machine().format());
    }
    top.parsed(parsed);
    for (CommandLine command : parsed.asCommandLineList()) {
      if (command.isUsageHelpRequested()) {
        top.plainOutput().data(RootCommand.help(command.getCommandSpec()));
        return ExitCode.OK;
      }
    }
    Integer helped = CommandLine.executeHelpRequest(parsed);
    if (helped != null) {
      return helped;
    }
    top.checkEnvironment();
    int status = run(parsed, top);
    if (status == ExitCode.OK) {
      top.endRound();
    }
    return status;
  }

  private static int run(CommandLine.ParseResult parsed, RootCommand top) {
    CommandLine.RunLast last = new CommandLine.RunLast();
    // Here, so that nothing is loaded for spans unless there are some.
    if (!"true".equalsIgnoreCase(top.environment().get(SPANS_VARIABLE))) {
      return last.execute(parsed);
    }
    List<CommandLine> commands = parsed.asCommandLineList();
    return CommandSpan.run(
        commands.get(commands.size() - 1).getCommandSpec(),
        top.environment(),
        top.plainOutput(),
        () -> last.execute(parsed));
  }

  /** A help text with exit status 0 would not be a verdict. */
  private static void requireNoHelp(CommandLine.ParseResult parsed, VerdictFormat format) {
    for (CommandLine command : parsed.asCommandLineList()) {
      if (command.isUsageHelpRequested()
          || command.isVersionHelpRequested()
          || command.getCommandSpec().helpCommand()) {
        throw new WrongUsage(
            command.getCommandSpec(),
            "help and the version are not printed with --format " + format);
      }
    }
  }

  private static Output output(PrintStream out, PrintStream err) {
    // A text without a value does not need the module pkcs11.
    return Output.on(out, err, text -> text.indexOf('=') < 0 ? text : Pkcs11Uri.redact(text))
        .withColours(System.getenv());
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, encoding()), true);
  }

  /** The encoding of the terminal, which may differ from that of the JDK's own streams. */
  private static Charset encoding() {
    return Charset.forName(System.getProperty("native.encoding", "UTF-8"));
  }

  /** A stream in the encoding of the terminal. */
  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor)), true, encoding());
  }
}
