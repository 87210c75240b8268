package dev.modelsigning.cli;

import dev.modelsigning.cli.command.ProgramRules;
import dev.modelsigning.cli.command.VerdictFormat;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.report.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/**
 * The verdict for machines where a command ends without one of its own. A program that waits for a
 * document on standard output and finds none may go on, so that every ending has one; where the
 * command printed its own, that is the one.
 */
final class MachineVerdict {

  private static final String OPTION = "--format";

  private MachineVerdict() {}

  /**
   * The one for who has no memory left to make it, which is made before it is needed.
   *
   * @param format one for machines
   */
  static byte[] outOfMemory(VerdictFormat format) {
    return document(
        format,
        Verdict.failed("", Finding.of(ProgramRules.OUT_OF_MEMORY, "out of memory")),
        OptionalInt.of(ExitCode.SOFTWARE));
  }

  /**
   * The form that a command line asks for. It is not parsed for that, since it may be one that
   * cannot be: rather a document too many than none. So another format counts as the last one only
   * where it cannot be a name, or the value of an option before it.
   */
  static VerdictFormat wanted(String[] args) {
    VerdictFormat wanted = VerdictFormat.TEXT;
    boolean onlyNames = false;
    for (int i = 0; i < args.length; i++) {
      @Nullable String value = null;
      if (args[i].startsWith(OPTION + "=")) {
        value = args[i].substring(OPTION.length() + 1);
      } else if (args[i].equals(OPTION) && i + 1 < args.length) {
        value = args[i + 1];
      }
      boolean certain = !onlyNames && (i == 0 || !mayWantValue(args[i - 1]));
      for (VerdictFormat format : VerdictFormat.values()) {
        if (format.name().equalsIgnoreCase(value) && (certain || !wanted.isForMachines())) {
          wanted = format;
        }
      }
      onlyNames |= args[i].equals("--");
    }
    return wanted;
  }

  private static boolean mayWantValue(String argument) {
    return argument.startsWith("-") && argument.indexOf('=') < 0;
  }

  /**
   * Prints one that says no, if a program waits for it and there was none yet.
   *
   * @param exitStatus the one with which the program ends, if it is known
   */
  static void failed(
      Output output, VerdictFormat format, OptionalInt exitStatus, Rule why, String message) {
    if (format.isForMachines()) {
      output.verdict(
          document(
              format,
              Verdict.failed("", Finding.of(why, message)).withMessages(output::withoutSecrets),
              exitStatus));
    }
  }

  private static byte[] document(VerdictFormat format, Verdict verdict, OptionalInt exitStatus) {
    String text = format == VerdictFormat.SARIF ? verdict.toSarif(exitStatus) : verdict.toJson();
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Has one printed if the program is told to end, by a signal say. */
  static void whenInterrupted(Output output, VerdictFormat format) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() ->
                failed(
                    output,
                    format,
                    OptionalInt.empty(),
                    ProgramRules.INTERRUPTED,
                    "told to end before there was a verdict")));
  }
}
