package dev.modelsigning.cli;

import dev.modelsigning.cli.command.Harmless;
import dev.modelsigning.cli.command.ProgramRules;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.command.Underscores;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.report.FailureMessage;
import dev.modelsigning.signing.VerificationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns failures into messages for people: what went wrong, where, and what to do next. */
final class Failures {

  private Failures() {}

  /** Wrong usage: the message, what was perhaps meant, and where to read on. Exit status 2. */
  static int usage(ParameterException e, String[] args) {
    CommandLine commandLine = e.getCommandLine();
    Output output = RootCommand.of(commandLine.getCommandSpec()).plainOutput();
    Optional<ParameterException> noMethod =
        SigningMethods.unless(commandLine.getCommandSpec(), args);
    RootCommand top = RootCommand.of(commandLine.getCommandSpec());
    String message = UsageMessage.describe(noMethod.orElse(e), args);
    MachineVerdict.failed(
        output, top.format(), OptionalInt.of(ExitCode.USAGE), ProgramRules.WRONG_USAGE, message);
    output.error("Error: " + message);
    if (e instanceof UnmatchedArgumentException unmatched && noMethod.isEmpty()) {
      Set<String> suggestions = new LinkedHashSet<>();
      for (String argument : unmatched.getUnmatched()) {
        suggestions.addAll(
            Harmless.meant(argument, commandLine.getCommandSpec().optionsMap().keySet()));
        suggestions.addAll(Harmless.meant(argument, commandLine.getSubcommands().keySet()));
      }
      if (suggestions.isEmpty()) {
        suggestions.addAll(unmatched.getSuggestions());
      }
      if (!suggestions.isEmpty()) {
        output.error("Did you mean: " + String.join(", ", suggestions) + "?");
      }
      nameMethods(commandLine.getCommandSpec(), args, output);
    } else if (e instanceof MissingParameterException) {
      List<String> unknown =
          unknownOptions(commandLine.getCommandSpec(), args).stream()
              .flatMap(name ->
                  Harmless.name(name, Commands.optionNames(commandLine.getCommandSpec())).stream())
              .toList();
      if (!unknown.isEmpty()) {
        output.error("Unknown: " + String.join(", ", unknown));
      }
      nameMethods(commandLine.getCommandSpec(), args, output);
      output.error("Usage: " + synopsis(commandLine.getCommandSpec()));
    }
    output.error("Try '" + commandLine.getCommandSpec().qualifiedName() + " --help' for help.");
    return ExitCode.USAGE;
  }

  /** Options that look misspelt, where all that picocli says is that another one is missing. */
  private static List<String> unknownOptions(CommandSpec command, String[] args) {
    return Arrays.stream(args)
        .filter(argument -> argument.startsWith("--"))
        .map(argument -> argument.replaceFirst("=.*", ""))
        .filter(name -> name.length() > 2 && !Underscores.isOption(command, name))
        .toList();
  }

  /** Perhaps another signing method was meant, or one forgotten. */
  private static void nameMethods(CommandSpec command, String[] args, Output output) {
    for (String option : unknownOptions(command, args)) {
      String name = option.replace('_', '-');
      List<String> methods = SigningMethods.withOption(command, name);
      if (!methods.isEmpty()) {
        output.error("'" + name + "' is an option of: " + String.join(", ", methods));
      }
    }
  }

  private static String synopsis(CommandSpec command) {
    return command.commandLine().getHelp().synopsis(0).strip().replaceAll("\\s+", " ");
  }

  /** A command that failed. Exit status 1. */
  static int execution(Exception e, CommandLine commandLine, ParseResult parsed) {
    Object command = commandLine.getCommand();
    RootCommand top = RootCommand.of(commandLine.getCommandSpec());
    MachineVerdict.failed(
        top.plainOutput(), top.format(), OptionalInt.of(ExitCode.SOFTWARE), rule(e), describe(e));
    boolean quiet = command instanceof Task task && task.quiet();
    Output output = top.output(quiet);
    String prefix = command instanceof Task task ? task.failure() : "Failed with error";
    output.failed(prefix + ": " + describe(e));
    if (command instanceof Task task) {
      task.verdict()
          .ifPresent(verdict -> {
            verdict.lines(task.mostLines()).forEach(output::error);
            verdict.advice().ifPresent(output::error);
          });
    }
    if (e instanceof VerificationException failure) {
      advice(failure.reason(), command).ifPresent(output::error);
    }
    output.trace(e);
    return ExitCode.SOFTWARE;
  }

  /** What to do about a signer who is not trusted. */
  private static Optional<String> advice(VerificationException.Reason reason, Object command) {
    return switch (reason) {
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
      default -> Optional.empty();
    };
  }

  /** Why a command ended that printed no verdict of its own. */
  private static Rule rule(Throwable e) {
    return e instanceof IOException || e instanceof UncheckedIOException
        ? Rules.IO_ERROR
        : ProgramRules.INTERNAL_ERROR;
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
