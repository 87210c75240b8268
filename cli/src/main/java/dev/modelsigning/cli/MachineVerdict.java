package dev.modelsigning.cli;

import dev.modelsigning.cli.command.ProgramRules;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.report.Verdict;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The verdict for machines where a command ends without one of its own. A program that waits for an
 * object on standard output and finds none may go on, so that every ending has one; where the
 * command printed its own, that is the one.
 */
final class MachineVerdict {

  private static final String OPTION = "--format";

  /** Whether a program waits for one, as far as it is known by now; also read when told to end. */
  private volatile boolean wanted;

  private MachineVerdict(boolean wanted) {
    this.wanted = wanted;
  }

  /** For a command line that is not parsed yet, and may never be. */
  static MachineVerdict of(String[] args) {
    MachineVerdict verdict = new MachineVerdict(mayBeWanted(args));
    if (verdict.wanted) {
      Spare.prepare();
    }
    return verdict;
  }

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
   * Learns what the command line says once it is parsed: then nothing has to be guessed, and a
   * model whose name looks like the option is a model.
   */
  void parsed(ParseResult result) {
    boolean json = false;
    for (CommandLine command : result.asCommandLineList()) {
      OptionSpec option = command.getCommandSpec().findOption(OPTION);
      Object format = option == null ? null : option.getValue();
      json |= format != null && "json".equalsIgnoreCase(format.toString());
    }
    wanted = json;
  }

  /** Whether a program waits for one. */
  boolean isWanted() {
    return wanted;
  }

  /**
   * Whether a command line seems to ask for one. It is not parsed for that, since it may be one
   * that cannot be: rather an object too many than none. So the other format counts as the last one
   * only where it cannot be a name, or the value of an option before it; and what follows two
   * hyphens is a name only where these cannot be such a value.
   */
  static boolean mayBeWanted(String[] args) {
    boolean wanted = false;
    boolean maybeNames = false;
    for (int i = 0; i < args.length; i++) {
      boolean maybeValue = i > 0 && mayWantValue(args[i - 1]);
      if (args[i].equals("--")) {
        if (!maybeValue) {
          return wanted;
        }
        maybeNames = true;
      }
      @Nullable String format = null;
      if (args[i].startsWith(OPTION + "=")) {
        format = args[i].substring(OPTION.length() + 1);
      } else if (args[i].equals(OPTION) && i + 1 < args.length) {
        format = args[i + 1];
      }
      if ("json".equalsIgnoreCase(format)) {
        wanted = true;
      } else if ("text".equalsIgnoreCase(format) && !maybeNames && !maybeValue) {
        wanted = false;
      }
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

  /** Has one printed if the program is told to end while one is waited for, by a signal say. */
  void printWhenInterrupted(Output output) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupted(output)));
  }

  /** What is done then. */
  void interrupted(Output output) {
    if (wanted) {
      failed(output, ProgramRules.INTERRUPTED, "told to end before there was a verdict");
    }
  }
}
