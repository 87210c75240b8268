package dev.modelsigning.cli;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.Harmless;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.ProgramRules;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.command.Underscores;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.usage.HelpText;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.report.FailureMessage;
import dev.modelsigning.report.FailureReason;
import dev.modelsigning.signing.VerificationException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns failures into messages for users: the problem, its location, and the next step. */
final class Failures {

  private Failures() {}

  /** Wrong usage: the message, similar names, and a pointer to the help. Exit status 2. */
  static int usage(ParameterException e, String[] args) {
    CommandLine commandLine = e.getCommandLine();
    CommandSpec command = commandLine.getCommandSpec();
    Output output = RootCommand.of(commandLine.getCommandSpec()).plainOutput();
    Optional<ParameterException> noMethod =
        SigningMethods.unless(commandLine.getCommandSpec(), args);
    RootCommand top = RootCommand.of(commandLine.getCommandSpec());
    boolean unmatched = e instanceof UnmatchedArgumentException && noMethod.isEmpty();
    boolean missing = e instanceof MissingParameterException;
    List<String> unknown = unmatched || missing ? unknown(e, args) : List.of();
    String message =
        unmatched
            ? UsageMessage.unknown(command, unknown, args)
            : UsageMessage.describe(noMethod.orElse(e), args);
    if (missing && !unknown.isEmpty()) {
      // The missing argument may be present under a misspelt name.
      String also = UsageMessage.unknown(commandLine.getCommandSpec(), unknown, args);
      message += "; " + also.substring(0, 1).toLowerCase(Locale.ROOT) + also.substring(1);
    }
    top.failed(List.of("Error: " + message));
    top.machine().failed(output, OptionalInt.of(ExitCode.USAGE), ProgramRules.WRONG_USAGE, message);
    output.error("Error: " + message);
    if (unmatched || missing) {
      List<String> hints = hints(commandLine, unknown);
      hints.forEach(output::error);
      if (hints.isEmpty() && SigningMethods.isDefault(command)) {
        output.error(SigningMethods.explanation(command));
      }
      Optional<String> method =
          missing && commandLine.getCommand() instanceof Task task
              ? task.adviceOnMethod()
              : Optional.empty();
      method.ifPresent(output::error);
      if (missing && Arrays.stream(args).anyMatch(Place::mayBeReference)) {
        output.error("A model in a registry is named by oci://HOST/REPOSITORY:TAG.");
      }
      if (hints.isEmpty()
          && method.isEmpty()
          && unknown.stream().noneMatch(each -> each.startsWith("-"))) {
        output.error("Usage: " + HelpText.synopsis(commandLine.getCommandSpec()));
      }
    }
    output.error("Try '" + commandLine.getCommandSpec().qualifiedName() + " --help' for help.");
    return ExitCode.USAGE;
  }

  /** The unknown arguments of this command, even if the parser reports another error. */
  private static List<String> unknown(ParameterException e, String[] args) {
    CommandSpec command = e.getCommandLine().getCommandSpec();
    if (e instanceof UnmatchedArgumentException unmatched) {
      // What follows a misspelt command is for that command.
      int first = SigningMethods.commandIndex(args);
      return command.parent() == null
              && first < args.length
              && unmatched.getUnmatched().contains(args[first])
          ? List.of(args[first])
          : unmatched.getUnmatched();
    }
    return Arrays.stream(args)
        .takeWhile(argument -> !argument.equals("--"))
        .filter(argument -> argument.startsWith("--"))
        .filter(argument -> !Underscores.isOption(command, nameOf(argument)))
        .toList();
  }

  private static String nameOf(String argument) {
    return argument.replaceFirst("=.*", "");
  }

  /** Suggestions: a similar name, or an option of another command. */
  private static List<String> hints(CommandLine commandLine, List<String> unknown) {
    CommandSpec command = commandLine.getCommandSpec();
    Set<String> meant = new LinkedHashSet<>();
    List<String> hints = new ArrayList<>();
    for (String argument : unknown) {
      String name = Underscores.toHyphens(nameOf(argument));
      List<String> others =
          name.startsWith("-") ? SigningMethods.withOption(command, name) : List.of();
      if (!others.isEmpty()) {
        hints.add("'" + name + "' is an option of: " + String.join(", ", others));
      } else {
        meant.addAll(
            Harmless.meant(
                argument, name.startsWith("-") ? command.optionsMap().keySet() : words(command)));
      }
    }
    if (!meant.isEmpty()) {
      hints.add("Did you mean: " + String.join(", ", meant) + "?");
    }
    return hints;
  }

  /** The commands of a group, and options that other tools have commands for. */
  private static Set<String> words(CommandSpec group) {
    Set<String> words = new LinkedHashSet<>(group.subcommands().keySet());
    if (!words.isEmpty()) {
      words.addAll(group.optionsMap().keySet());
    }
    return words;
  }

  /** A command that failed. Exit status 1, unless the command has another one. */
  static int execution(Exception e, CommandLine commandLine, ParseResult parsed) {
    Object command = commandLine.getCommand();
    RootCommand top = RootCommand.of(commandLine.getCommandSpec());
    top.failing(e);
    top.machine()
        .failed(
            top.plainOutput(),
            command instanceof Task task ? task.subject() : "",
            OptionalInt.of(ExitCode.SOFTWARE),
            FailureReason.rule(e).orElse(ProgramRules.INTERNAL_ERROR),
            describe(e));
    boolean quiet = command instanceof Task task && task.quiet();
    Output output = top.output(quiet);
    String headline = headline(e, command instanceof Task task ? task : null);
    List<String> facts = new ArrayList<>();
    List<String> advice = new ArrayList<>();
    if (command instanceof Task task) {
      facts.addAll(task.linesOnFailure());
      task.verdict()
          .ifPresent(verdict -> {
            facts.addAll(verdict.lines(task.mostLines()));
            advice.addAll(task.adviceOnDifferences());
            verdict.advice().ifPresent(advice::add);
          });
    }
    if (e instanceof VerificationException failure) {
      advice(failure, command).ifPresent(advice::add);
    } else if (e instanceof MalformedBundleException && isVerification(command)) {
      advice.add(sentence(Rules.MALFORMED_BUNDLE.help()));
    }
    output.failed(headline);
    facts.forEach(output::errorFact);
    advice.forEach(output::error);
    List<String> elsewhere = command instanceof Task task ? task.linesForLog() : List.of();
    top.failed(
        Stream.of(List.of(headline), elsewhere, facts, advice).flatMap(List::stream).toList());
    if (command instanceof Task task) {
      task.noteOnFailure().ifPresent(output::note);
    }
    output.trace(e);
    top.endRound("failed: " + describe(e));
    return command instanceof Task task ? task.failureStatus() : ExitCode.SOFTWARE;
  }

  /** The first line about a failure. */
  static String headline(Exception e, @Nullable Task task) {
    return (task == null ? "Failed with error" : task.failure()) + ": " + describe(e);
  }

  /** The advice for a signer who is not trusted. */
  private static Optional<String> advice(VerificationException failure, Object command) {
    return switch (failure.reason()) {
      case UNTRUSTED_CERTIFICATE ->
          Optional.of(
              (command instanceof Task task
                      ? task.adviceOnUntrustedCertificate()
                      : Optional.<String>empty())
                  .orElse(
                      "Do not use this model. If its signer is to be trusted, give the authority's"
                          + " certificate with --certificate-chain; if a certificate expired, the"
                          + " one of its time stamp with --tsa-certificate-chain, or have the"
                          + " model signed anew."));
      case WRONG_METHOD ->
          command instanceof Task task ? task.adviceOnMethod() : Optional.<String>empty();
      case REVOKED -> Optional.of("Do not use this model; its publisher has to sign it anew.");
      case REVOCATION_UNKNOWN ->
          Optional.of(
              "Give the missing or newer list with --crl, or accept what cannot be found out with"
                  + " --revocation-soft-fail.");
      case WRONG_IDENTITY ->
          Optional.of("Do not use this model, unless this signer is the one you expect after all.");
      case MODEL_MISMATCH -> Optional.empty(); // given with the differences
      default -> Optional.of(sentence(failure.rule().help()));
    };
  }

  /** Whether a command gives verdicts: only these give advice about a model. */
  private static boolean isVerification(Object command) {
    return command instanceof Task task && task.verdict().isPresent();
  }

  private static String sentence(String help) {
    return help.substring(0, 1).toUpperCase(Locale.ROOT) + help.substring(1) + ".";
  }

  /** The message of a failure. */
  static String describe(Throwable e) {
    if (e instanceof UncheckedIOException wrapped && wrapped.getCause() != null) {
      return describe(wrapped.getCause());
    }
    if (e instanceof InvalidPathException) {
      return "not a path on this system: " + e.getMessage();
    }
    if (e instanceof RuntimeException) {
      return Output.INTERNAL_ERROR + e + " (--log-level DEBUG shows where it comes from)";
    }
    return FailureMessage.of(e);
  }
}
