package dev.modelsigning.cli;

import dev.modelsigning.cli.command.Converters;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.Program.Cluster;
import dev.modelsigning.cli.command.ProgramRules;
import dev.modelsigning.cli.command.Underscores;
import dev.modelsigning.cli.command.VerdictFormat;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.keys.KeyName;
import dev.modelsigning.cli.output.ClosedPipe;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.pkcs11.Pkcs11Uri;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
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

  private Main() {}

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
    int status = run(args, machine, output, out, err, Main::readerHasGone, System.getenv(), null);
    if (offset != null) {
      status += Integer.parseInt(offset);
    }
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
    return run(
        args, MachineVerdict.of(args), output(out, err), out, err, () -> false, environment, null);
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
    return run(
        args,
        MachineVerdict.of(args),
        output(out, err),
        out,
        err,
        () -> false,
        environment,
        cluster);
  }

  private static int run(
      String[] args,
      MachineVerdict machine,
      Output output,
      PrintStream out,
      PrintStream err,
      BooleanSupplier readerHasGone,
      Map<String, String> environment,
      @Nullable Cluster cluster) {
    int status;
    try {
      status = execute(args, machine, output, out, err, environment, cluster);
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
    if (out.checkError() && !readerHasGone.getAsBoolean()) {
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

  private static int execute(
      String[] args,
      MachineVerdict machine,
      Output output,
      PrintStream out,
      PrintStream err,
      Map<String, String> environment,
      @Nullable Cluster cluster) {
    // The method first: it determines the options, and thereby which underscores belong to names.
    String[] named =
        SigningMethods.withDefault(args, cluster == null ? argument -> false : cluster::isMeant);
    RootCommand top = new RootCommand(output, machine, environment, cluster);
    top.typed(args);
    CommandLine commandLine = commandLine(top, named, cluster);
    commandLine.setOut(writer(out));
    commandLine.setErr(writer(err));
    return commandLine.execute(Underscores.toHyphens(commandLine.getCommandSpec(), named));
  }

  private static CommandLine commandLine(
      RootCommand top, String[] args, @Nullable Cluster cluster) {
    // Picocli need not look for converters for types that have ours or are not used, nor for
    // Groovy, for which it would open the jar.
    System.setProperty("picocli.converters.excludes", "java[.](time|sql|nio)[.].*");
    System.setProperty("picocli.disable.closures", "true");
    return Commands.named(top, args)
        .setCaseInsensitiveEnumValuesAllowed(true)
        // As in the Python tool, the last occurrence counts.
        .setOverwrittenOptionsAllowed(true)
        .setExpandAtFiles(false)
        .registerConverter(Path.class, Converters::path)
        .registerConverter(
            Place.class, cluster == null ? Place::of : argument -> Place.of(argument, cluster))
        .registerConverter(KeyName.class, KeyName::of)
        .registerConverter(HashAlgorithm.class, Converters::hashAlgorithm)
        .registerConverter(Long.class, Converters::integer)
        .registerConverter(Instant.class, Converters::instant)
        .registerConverter(URI.class, Converters::uri)
        .setExecutionStrategy(parsed -> {
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
          return new CommandLine.RunLast().execute(parsed);
        })
        .setParameterExceptionHandler(Failures::usage)
        .setExecutionExceptionHandler(Failures::execution);
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
