package dev.modelsigning.cli;

import dev.modelsigning.attestation.AttestationReport;
import dev.modelsigning.cli.command.ProgramRules;
import dev.modelsigning.cli.command.Underscores;
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
 * The machine-readable verdict for commands that end without one of their own. A program that
 * expects a document on standard output and finds none might continue, so there is always exactly
 * one, unless the command printed its own.
 */
final class MachineVerdict {

  private static final String OPTION = "--format";

  /** The command line. */
  private final String[] args;

  /** The expected format, as far as known; also read by the shutdown hook. */
  private volatile VerdictFormat format;

  /**
   * Whether there was a verdict of a run before this one, of a command that is run at intervals.
   */
  private volatile boolean repeated;

  /** The output for lack of memory, prepared in advance. */
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

  /** Returns an instance for a command line that is not parsed yet, and may be invalid. */
  static MachineVerdict of(String[] args) {
    return new MachineVerdict(args);
  }

  /**
   * Receives the parsed command line: then nothing has to be guessed, and a model whose name looks
   * like the option is a model.
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

  /** The expected format. */
  VerdictFormat format() {
    return format;
  }

  /** Whether a machine-readable verdict is expected. */
  boolean isWanted() {
    return format.isForMachines();
  }

  /**
   * The format that a command line seems to request. It is not parsed for this, since it may be
   * invalid: an unexpected document is better than none. So another format overrides it only where
   * it cannot be a name, or the value of a preceding option; and arguments after two hyphens are
   * names only where these hyphens cannot be such a value.
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

  /** The command, as far as that can be determined for an invalid command line. */
  private String command() {
    for (String word : args) {
      String name = Underscores.toHyphens(word);
      if (Commands.exists(name)) {
        return name;
      }
    }
    return "";
  }

  /**
   * Prints a negative verdict, if one is expected and none was printed yet.
   *
   * @param exitStatus the exit status of the program, if known
   */
  void failed(Output output, OptionalInt exitStatus, Rule why, String message) {
    failed(output, "", exitStatus, why, message);
  }

  /** Prints a negative verdict about a model, by the path that was given. */
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
    } else if (command().equals("attest")) {
      text =
          AttestationReport.failure(model, Finding.of(why.rule(), rewriting.apply(why.message())));
    } else if (command().equals("sign")) {
      text = SigningReport.failed(model, why).withMessages(rewriting).toJson();
    } else {
      text = Verdict.failed(model, why).withMessages(rewriting).toJson();
    }
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Prints the prepared verdict, if one is expected. */
  void outOfMemory(Output output) {
    if (isWanted()) {
      output.verdict(spare);
    }
  }

  /**
   * Registers a shutdown hook that prints a verdict if the program is terminated, for example by a
   * signal, while one is expected.
   */
  void printWhenInterrupted(Output output) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupted(output)));
  }

  /**
   * Receives that there was a verdict, and that the command will be run again: being told to end is
   * no verdict then.
   */
  void willRepeat() {
    repeated = true;
  }

  /** The action of the shutdown hook. */
  void interrupted(Output output) {
    if (repeated) {
      return;
    }
    failed(
        output,
        OptionalInt.empty(),
        ProgramRules.INTERRUPTED,
        "told to end before there was a verdict");
  }
}
