package dev.modelsigning.cli;

import dev.modelsigning.cli.command.ProgramRules;
import dev.modelsigning.cli.command.VerdictFormat;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.report.SigningReport;
import dev.modelsigning.report.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The verdict for machines where a command ends without one of its own. A program that waits for a
 * document on standard output and finds none may go on, so that every ending has one; where the
 * command printed its own, that is the one.
 */
final class MachineVerdict {

  private static final String OPTION = "--format";

  /** The command line. */
  private final String[] args;

  /** The form that is waited for, as far as it is known by now; also read when told to end. */
  private volatile VerdictFormat format;

  /** What is printed where the memory is not enough, so made before. */
  private final byte[] spare;

  private MachineVerdict(String[] args) {
    this.args = args.clone();
    this.format = mayBeWanted(args);
    this.spare =
        format.isForMachines()
            ? document(
                Finding.of(ProgramRules.OUT_OF_MEMORY, "out of memory"),
                "",
                OptionalInt.of(ExitCode.SOFTWARE),
                text -> text)
            : new byte[0];
  }

  /** For a command line that is not parsed yet, and may never be. */
  static MachineVerdict of(String[] args) {
    return new MachineVerdict(args);
  }

  /**
   * Learns what the command line says once it is parsed: then nothing has to be guessed, and a
   * model whose name looks like the option is a model.
   */
  void parsed(ParseResult result) {
    VerdictFormat said = VerdictFormat.TEXT;
    for (CommandLine command : result.asCommandLineList()) {
      OptionSpec option = command.getCommandSpec().findOption(OPTION);
      Object value = option == null ? null : option.getValue();
      for (VerdictFormat each : VerdictFormat.values()) {
        if (value != null && each.toString().equalsIgnoreCase(value.toString())) {
          said = each;
        }
      }
    }
    format = said;
  }

  /** The form that is waited for. */
  VerdictFormat format() {
    return format;
  }

  /** Whether a program waits for one. */
  boolean isWanted() {
    return format.isForMachines();
  }

  /**
   * The form that a command line seems to ask for. It is not parsed for that, since it may be one
   * that cannot be: rather a document too many than none. So another format counts as the last one
   * only where it cannot be a name, or the value of an option before it; and what follows two
   * hyphens is a name only where these cannot be such a value.
   */
  static VerdictFormat mayBeWanted(String[] args) {
    VerdictFormat wanted = VerdictFormat.TEXT;
    boolean maybeNames = false;
    for (int i = 0; i < args.length; i++) {
      boolean maybeValue = i > 0 && mayWantValue(args[i - 1]);
      if (args[i].equals("--")) {
        if (!maybeValue) {
          return wanted;
        }
        maybeNames = true;
      }
      @Nullable String value = null;
      if (args[i].startsWith(OPTION + "=")) {
        value = args[i].substring(OPTION.length() + 1);
      } else if (args[i].equals(OPTION) && i + 1 < args.length) {
        value = args[i + 1];
      }
      boolean certain = !maybeNames && !maybeValue;
      for (VerdictFormat each : VerdictFormat.values()) {
        if (each.name().equalsIgnoreCase(value) && (certain || !wanted.isForMachines())) {
          wanted = each;
        }
      }
    }
    return wanted;
  }

  private static boolean mayWantValue(String argument) {
    return argument.startsWith("-") && argument.indexOf('=') < 0;
  }

  /** Whether the command line is one that signs, as far as that can be told of a wrong one. */
  private boolean isSigning() {
    for (String word : args) {
      if (Commands.exists(word)) {
        return word.equals("sign");
      }
    }
    return false;
  }

  /**
   * Prints one that says no, if a program waits for it and there was none yet.
   *
   * @param exitStatus the one with which the program ends, if it is known
   */
  void failed(Output output, OptionalInt exitStatus, Rule why, String message) {
    failed(output, "", exitStatus, why, message);
  }

  /** The same about a model, as it was named. */
  void failed(Output output, String model, OptionalInt exitStatus, Rule why, String message) {
    if (isWanted()) {
      output.verdict(document(Finding.of(why, message), model, exitStatus, output::withoutSecrets));
    }
  }

  private byte[] document(
      Finding why, String model, OptionalInt exitStatus, UnaryOperator<String> rewriting) {
    String text;
    if (format == VerdictFormat.SARIF) {
      text = Verdict.failed(model, why).withMessages(rewriting).toSarif(exitStatus);
    } else if (isSigning()) {
      text = SigningReport.failed(model, why).withMessages(rewriting).toJson();
    } else {
      text = Verdict.failed(model, why).withMessages(rewriting).toJson();
    }
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Prints the one that was made before, if a program waits for it. */
  void outOfMemory(Output output) {
    if (isWanted()) {
      output.verdict(spare);
    }
  }

  /** Has one printed if the program is told to end while one is waited for, by a signal say. */
  void printWhenInterrupted(Output output) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupted(output)));
  }

  /** What is done then. */
  void interrupted(Output output) {
    failed(
        output,
        OptionalInt.empty(),
        ProgramRules.INTERRUPTED,
        "told to end before there was a verdict");
  }
}
