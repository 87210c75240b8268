package dev.modelsigning.cli;

import dev.modelsigning.cli.command.ProgramRules;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.report.SigningReport;
import dev.modelsigning.report.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The verdict for machines where a command ends without one of its own. A program that waits for an
 * object on standard output and finds none may go on, so that every ending has one; where the
 * command printed its own, that is the one.
 */
final class MachineVerdict {

  private static final String OPTION = "--format";

  private MachineVerdict() {}

  /** Those that are made before they are needed, as there may be no memory later. */
  static final class Spare {
    private static final Finding WHY = Finding.of(ProgramRules.OUT_OF_MEMORY, "out of memory");
    private static final byte[] OUT_OF_MEMORY = bytes(failure(WHY, "", false, text -> text));
    private static final byte[] NOT_SIGNED = bytes(failure(WHY, "", true, text -> text));

    private Spare() {}

    /** Makes them, unless they are there. */
    static void prepare() {}

    private static byte[] bytes(String json) {
      return json.getBytes(StandardCharsets.US_ASCII);
    }
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

  /** Whether a command line is one that signs, as far as that can be told of a wrong one. */
  private static boolean isSigning(String[] args) {
    for (String word : args) {
      if (Commands.exists(word)) {
        return word.equals("sign");
      }
    }
    return false;
  }

  /**
   * Prints that a command failed.
   *
   * @param args the command line
   */
  static void failed(Output output, String[] args, Rule why, String message) {
    failed(output, args, "", why, message);
  }

  /** The same about a model, as it was named. */
  static void failed(Output output, String[] args, String model, Rule why, String message) {
    output.verdict(
        failure(Finding.of(why, message), model, isSigning(args), output::withoutSecrets));
  }

  private static String failure(
      Finding why, String model, boolean signing, UnaryOperator<String> rewriting) {
    return signing
        ? SigningReport.failed(model, why).withMessages(rewriting).toJson()
        : Verdict.failed(model, why).withMessages(rewriting).toJson();
  }

  static void outOfMemory(Output output, String[] args) {
    output.verdict(isSigning(args) ? Spare.NOT_SIGNED : Spare.OUT_OF_MEMORY);
  }

  /** Has one printed if the program is told to end, by a signal say. */
  static void whenInterrupted(Output output, String[] args) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() ->
                failed(
                    output,
                    args,
                    ProgramRules.INTERRUPTED,
                    "told to end before there was a verdict")));
  }
}
