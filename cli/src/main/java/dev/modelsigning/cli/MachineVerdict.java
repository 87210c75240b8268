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

  /** The command line. */
  private final String[] args;

  private MachineVerdict(String[] args) {
    this.args = args.clone();
    this.wanted = mayBeWanted(args);
  }

  /** For a command line that is not parsed yet, and may never be. */
  static MachineVerdict of(String[] args) {
    MachineVerdict verdict = new MachineVerdict(args);
    if (verdict.wanted) {
      Spare.prepare();
    }
    return verdict;
  }

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

  /** Has one printed if the program is told to end while one is waited for, by a signal say. */
  void printWhenInterrupted(Output output) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupted(output)));
  }

  /** What is done then. */
  void interrupted(Output output) {
    if (wanted) {
      failed(output, args, ProgramRules.INTERRUPTED, "told to end before there was a verdict");
    }
  }
}
