package dev.modelsigning.cli.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Lets underscores stand for hyphens in the names of options and commands, as the Python tool does.
 * Values and arguments are left as they are, also if they look like a name.
 */
public final class Underscores {

  private Underscores() {}

  /** The arguments with hyphens in the names of options and commands. */
  public static String[] toHyphens(CommandSpec root, String[] args) {
    String[] result = args.clone();
    CommandSpec command = root;
    boolean commandsEnded = false;
    for (int i = 0; i < result.length && !result[i].equals("--"); i++) {
      String hyphenated = hyphenateName(result[i]);
      if (result[i].startsWith("-")) {
        OptionSpec option = find(command, nameOf(hyphenated));
        if (option != null) {
          result[i] = hyphenated;
          if (option.arity().min() > 0 && hyphenated.indexOf('=') < 0) {
            i++; // its value
          }
        }
      } else if (!commandsEnded) {
        CommandLine subcommand = command.subcommands().get(hyphenated);
        if (subcommand == null) {
          commandsEnded = true;
        } else {
          result[i] = hyphenated;
          command = subcommand.getCommandSpec();
        }
      }
    }
    return result;
  }

  /** A name with hyphens. */
  public static String toHyphens(String name) {
    return name.replace('_', '-');
  }

  /** Whether a command has an option of this name, with hyphens or underscores. */
  public static boolean isOption(CommandSpec command, String name) {
    return find(command, toHyphens(name)) != null;
  }

  private static String nameOf(String argument) {
    int equals = argument.indexOf('=');
    return equals < 0 ? argument : argument.substring(0, equals);
  }

  /** An argument with hyphens in what may be the name of an option. */
  public static String hyphenateName(String argument) {
    String name = nameOf(argument);
    return toHyphens(name) + argument.substring(name.length());
  }

  private static @Nullable OptionSpec find(CommandSpec command, String name) {
    for (OptionSpec option : command.options()) {
      for (String each : option.names()) {
        boolean negative =
            option.negatable()
                && command.negatableOptionTransformer().makeNegative(each, command).equals(name);
        if (each.equals(name) || negative) {
          return option;
        }
      }
    }
    return null;
  }
}
