package dev.modelsigning.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Map;
import picocli.CommandLine;

/** The entry point of the command line. */
public final class Main {

  private Main() {}

  /**
   * Runs a command and ends the process: 0 success, 1 failure, 2 wrong usage.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    int status = run(args, stream(FileDescriptor.out), stream(FileDescriptor.err), System.getenv());
    System.exit(status);
  }

  /** Runs a command; what it prints goes to these streams. */
  static int run(String[] args, PrintStream out, PrintStream err, Map<String, String> environment) {
    ModelSigning root = new ModelSigning(out, err, environment);
    CommandLine commandLine = new CommandLine(root);
    commandLine.setOut(writer(out));
    commandLine.setErr(writer(err));
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setParameterExceptionHandler(Failures::usage);
    commandLine.setExecutionExceptionHandler(Failures::execution);
    commandLine.setDefaultValueProvider(new EnvironmentDefaults(environment));
    try {
      return commandLine.execute(Underscores.toHyphens(commandLine.getCommandSpec(), args));
    } catch (OutOfMemoryError e) {
      err.println("error: out of memory; give the process more, as in JAVA_OPTS=-Xmx4g");
      return CommandLine.ExitCode.SOFTWARE;
    } finally {
      out.flush();
      err.flush();
    }
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
