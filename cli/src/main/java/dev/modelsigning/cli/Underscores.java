package dev.modelsigning.cli;

import java.util.HashSet;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Lets underscores stand for hyphens in the names of options and commands, as the Python tool does.
 */
final class Underscores {

  private Underscores() {}

  /** The arguments with hyphens in those names that the command line knows. */
  static String[] toHyphens(CommandSpec root, String[] args) {
    Set<String> names = new HashSet<>();
    collect(root, names);
    String[] result = args.clone();
    for (int i = 0; i < result.length && !result[i].equals("--"); i++) {
      int equals = result[i].startsWith("--") ? result[i].indexOf('=') : -1;
      String name = equals < 0 ? result[i] : result[i].substring(0, equals);
      String hyphenated = name.replace('_', '-');
      if (names.contains(hyphenated)) {
        result[i] = hyphenated + (equals < 0 ? "" : result[i].substring(equals));
      }
    }
    return result;
  }

  private static void collect(CommandSpec command, Set<String> names) {
    for (OptionSpec option : command.options()) {
      for (String name : option.names()) {
        names.add(name);
        if (option.negatable()) {
          names.add(command.negatableOptionTransformer().makeNegative(name, command));
        }
      }
    }
    for (var subcommand : command.subcommands().entrySet()) {
      if (subcommand.getKey().contains("-")) {
        names.add(subcommand.getKey());
      }
      CommandLine commandLine = subcommand.getValue();
      collect(commandLine.getCommandSpec(), names);
    }
  }
}
