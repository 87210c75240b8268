package dev.modelsigning.cli;

import dev.modelsigning.cli.command.ProgramRules;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.report.Verdict;
import java.nio.charset.StandardCharsets;

/**
 * The verdict for machines where a command ends without one of its own. A program that waits for an
 * object on standard output and finds none may go on, so that every ending has one; where the
 * command printed its own, that is the one.
 */
final class MachineVerdict {

  /** Made before, as there may be no memory later. */
  private static final byte[] OUT_OF_MEMORY =
      "{\"verified\":false,\"model\":\"\",\"reason\":\"OUT_OF_MEMORY\",\"message\":\"out of memory\"}\n"
          .getBytes(StandardCharsets.US_ASCII);

  private MachineVerdict() {}

  /**
   * Whether a command line asks for one. It is not parsed for that, since it may be one that cannot
   * be: rather an object too many than none.
   */
  static boolean isWanted(String[] args) {
    boolean wanted = false;
    for (int i = 0; i < args.length; i++) {
      if (args[i].startsWith("--format=")) {
        wanted = "json".equalsIgnoreCase(args[i].substring("--format=".length()));
      } else if (args[i].equals("--format") && i + 1 < args.length) {
        wanted = "json".equalsIgnoreCase(args[i + 1]);
      }
    }
    return wanted;
  }

  static void failed(Output output, Rule why, String message) {
    output.verdict(
        Verdict.failed("", Finding.of(why, message)).withMessages(output::withoutSecrets).toJson());
  }

  static void outOfMemory(Output output) {
    output.verdict(OUT_OF_MEMORY);
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
