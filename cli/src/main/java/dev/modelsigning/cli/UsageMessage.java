package dev.modelsigning.cli;

import dev.modelsigning.cli.command.Converters;
import dev.modelsigning.cli.command.Harmless;
import dev.modelsigning.cli.command.WrongUsage;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.MaxValuesExceededException;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Messages for wrong usage that contain no secrets. If an option is misspelt, any argument may be a
 * PIN, a password or a token, or contain one. So input is repeated only if it is known to be
 * harmless: a name of this program, or one similar to it, or a path of an existing file. The
 * parser's own messages, which repeat everything, are never shown.
 */
final class UsageMessage {

  private UsageMessage() {}

  /** The message, safe for display. */
  static String describe(ParameterException e, String[] args) {
    CommandSpec command = e.getCommandLine().getCommandSpec();
    if (e instanceof WrongUsage) {
      return String.valueOf(e.getMessage());
    }
    if (e instanceof UnmatchedArgumentException unmatched) {
      return unknown(command, unmatched.getUnmatched(), args);
    }
    // Messages with these beginnings contain only names of this program.
    String message = String.valueOf(e.getMessage());
    if (e instanceof MissingParameterException missing) {
      if (message.startsWith("Missing required ")) {
        return message;
      }
      ArgSpec first = missing.getMissing().get(0);
      return "Missing value: expected " + first.paramLabel() + " for " + name(first);
    }
    ArgSpec argument = e.getArgSpec();
    if (e instanceof MaxValuesExceededException
        || (argument != null && argument.arity().max() == 0)) {
      return "a value was given to an option that takes none" + flags(command, args);
    }
    if (argument == null) {
      return "the arguments are not those of '" + command.qualifiedName() + "'";
    }
    String name = name(argument);
    return e.getCause() instanceof Converters.Refusal refusal
        ? "Invalid value for " + name + ": " + refusal.getMessage()
        : "Invalid value for " + name + ": " + expected(argument, e.getValue());
  }

  private static String expected(ArgSpec argument, @Nullable String value) {
    if (argument.type().isEnum()) {
      return "expected one of "
          + Arrays.toString(argument.type().getEnumConstants())
          // A positional argument may be anything; the argument after an option was meant as its
          // value.
          + Harmless.word(value == null || !argument.isOption() ? "" : value)
              .map(word -> ", found " + word)
              .orElse("");
    }
    return "expected " + argument.paramLabel() + " (what was given is not shown)";
  }

  /** Options that take no value and were given one. */
  private static String flags(CommandSpec command, String[] args) {
    List<String> names =
        command.options().stream()
            .filter(option -> option.arity().max() == 0)
            .flatMap(option -> Arrays.stream(option.names()))
            .filter(name -> Arrays.stream(args).anyMatch(each -> each.startsWith(name + "=")))
            .map(name -> "'" + name + "'")
            .toList();
    return names.isEmpty() ? "" : ": " + String.join(", ", names);
  }

  /** The message about unknown arguments, safe for display. */
  static String unknown(CommandSpec command, List<String> unmatched, String[] args) {
    boolean option = unmatched.stream().anyMatch(argument -> argument.startsWith("-"));
    boolean group = !command.subcommands().isEmpty();
    Set<String> shown = new LinkedHashSet<>();
    for (String argument : unmatched) {
      if (!isValue(argument, unmatched, args)) {
        shown.add(argument(command, argument));
      }
      if (group && !option) {
        return "Unknown command: " + argument(command, argument);
      }
    }
    return (option ? "Unknown option" : "Unmatched argument")
        + (shown.size() > 1 ? "s: " : ": ")
        + String.join(", ", shown);
  }

  /** Whether an argument only follows an unknown option, as its value would. */
  private static boolean isValue(String argument, List<String> unmatched, String[] args) {
    int index = Arrays.asList(args).indexOf(argument);
    if (index < 1 || argument.startsWith("-")) {
      return false;
    }
    String before = args[index - 1];
    return before.startsWith("-") && before.indexOf('=') < 0 && unmatched.contains(before);
  }

  private static String argument(CommandSpec command, String argument) {
    boolean option = argument.startsWith("-");
    Optional<String> shown =
        Harmless.name(
            argument, option ? Commands.optionNames(command) : command.subcommands().keySet());
    if (shown.isEmpty() && !option) {
      shown = Harmless.path(argument);
    }
    if (shown.isPresent()) {
      return shown.get();
    }
    int position = RootCommand.of(command).position(argument);
    return (position > 0 ? "argument " + position : "an argument")
        + " (not shown, as it may be a secret)";
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option
        ? "option '" + option.longestName() + "'"
        : "parameter '" + argument.paramLabel() + "'";
  }
}
