package dev.modelsigning.cli;

import dev.modelsigning.cli.command.Converters;
import dev.modelsigning.cli.command.Underscores;
import dev.modelsigning.cli.keys.KeyName;
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
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;

/** The entry point of the command line. */
public final class Main {

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
    // The JDK would print the messages of such failures as they are.
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> output(out, err).internalError(failure));
    int status = run(args, out, err, System.getenv());
    // A JVM that is told to exit may first look for a logger to tell.
    if (status != ExitCode.OK) {
      System.exit(status);
    }
  }

  /** Runs a command; what it prints goes to these streams. */
  static int run(String[] args, PrintStream out, PrintStream err, Map<String, String> environment) {
    // The method first: it says which options there are, and so which underscores are in names.
    String[] named = SigningMethods.withDefault(args);
    Output output = output(out, err);
    RootCommand top = new RootCommand(output, environment);
    top.typed(args);
    CommandLine commandLine = commandLine(top, named);
    commandLine.setOut(writer(out));
    commandLine.setErr(writer(err));
    int status;
    try {
      status = commandLine.execute(Underscores.toHyphens(commandLine.getCommandSpec(), named));
    } catch (OutOfMemoryError e) {
      err.println(
          "error: out of memory, so nothing was signed or verified;"
              + " give the process more, as in JAVA_OPTS=-Xmx4g");
      return ExitCode.SOFTWARE;
    } catch (LinkageError | AssertionError | VirtualMachineError e) {
      // Other errors that picocli lets pass; their messages can have names of files in them.
      output.internalError(e);
      return ExitCode.SOFTWARE;
    }
    err.flush();
    if (out.checkError()) {
      // A verdict or digest that was lost must not look like success.
      err.println("error: standard output could not be written");
      return status == ExitCode.OK ? ExitCode.SOFTWARE : status;
    }
    return status;
  }

  private static CommandLine commandLine(RootCommand top, String[] args) {
    // Picocli need not look for converters for types that have ours, or that no option has, nor for
    // Groovy, for which the jar would be opened.
    System.setProperty("picocli.converters.excludes", "java[.](time|sql|nio)[.].*");
    System.setProperty("picocli.disable.closures", "true");
    return Commands.named(top, args)
        .setCaseInsensitiveEnumValuesAllowed(true)
        // As in the Python tool, the last one counts.
        .setOverwrittenOptionsAllowed(true)
        .setExpandAtFiles(false)
        .registerConverter(Path.class, Converters::path)
        .registerConverter(KeyName.class, KeyName::of)
        .registerConverter(HashAlgorithm.class, Converters::hashAlgorithm)
        .registerConverter(Long.class, Converters::integer)
        .registerConverter(Instant.class, Converters::instant)
        .registerConverter(URI.class, Converters::uri)
        .setExecutionStrategy(parsed -> {
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

  private static Output output(PrintStream out, PrintStream err) {
    // A text without a value needs nothing of the module pkcs11.
    return Output.on(out, err, text -> text.indexOf('=') < 0 ? text : Pkcs11Uri.redact(text));
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, encoding()), true);
  }

  /** The encoding of the terminal, which the JDK's own streams need not have. */
  private static Charset encoding() {
    return Charset.forName(System.getProperty("native.encoding", "UTF-8"));
  }

  /** A stream in the encoding of the terminal. */
  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor)), true, encoding());
  }
}
