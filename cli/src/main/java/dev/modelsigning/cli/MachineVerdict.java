package dev.modelsigning.cli;

import dev.modelsigning.cli.command.ProgramRules;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.report.Verdict;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The verdict for machines where a command ends without one of its own. A program that waits for an
 * object on standard output and finds none may go on, so that every ending has one; where the
 * command printed its own, that is the one.
 */
final class MachineVerdict {

  private static final String OPTION = "--format";

  private MachineVerdict() {}

  /** The one that is made before it is needed, as there may be no memory later. */
  static final class Spare {
    private static final byte[] OUT_OF_MEMORY =
        failure(Finding.of(ProgramRules.OUT_OF_MEMORY, "out of memory"))
            .toJson()
            .getBytes(StandardCharsets.US_ASCII);

    private Spare() {}

    /** Makes it, unless it is there. */
    static void prepare() {}
  }

  /**
   * Whether a command line asks for one. It is not parsed for that, since it may be one that cannot
   * be: rather an object too many than none. So the other format counts as the last one only where
   * it cannot be a name, or the value of an option before it.
   */
  static boolean isWanted(String[] args) {
    boolean wanted = false;
    boolean onlyNames = false;
    for (int i = 0; i < args.length; i++) {
      @Nullable String format = null;
      if (args[i].startsWith(OPTION + "=")) {
        format = args[i].substring(OPTION.length() + 1);
      } else if (args[i].equals(OPTION) && i + 1 < args.length) {
        format = args[i + 1];
      }
      if ("json".equalsIgnoreCase(format)) {
        wanted = true;
      } else if ("text".equalsIgnoreCase(format)
          && !onlyNames
          && (i == 0 || !mayWantValue(args[i - 1]))) {
        wanted = false;
      }
      onlyNames |= args[i].equals("--");
    }
    return wanted;
  }

  private static boolean mayWantValue(String argument) {
    return argument.startsWith("-") && argument.indexOf('=') < 0;
  }

  static void failed(Output output, Rule why, String message) {
    output.verdict(failure(Finding.of(why, message)).withMessages(output::withoutSecrets).toJson());
  }

  private static Verdict failure(Finding why) {
    return Verdict.failed("", why);
  }

  static void outOfMemory(Output output) {
    output.verdict(Spare.OUT_OF_MEMORY);
  }

  /** Has one printed if the program is told to end, by a signal say. */
  static void whenInterrupted(Output output) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() ->
                failed(
                    output, ProgramRules.INTERRUPTED, "told to end before there was a verdict")));
  }
}
