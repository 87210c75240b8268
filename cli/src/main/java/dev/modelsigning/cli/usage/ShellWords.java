package dev.modelsigning.cli.usage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What the scripts of all shells ask of commands. A name or a fixed value becomes part of a script
 * only if it means nothing but itself in every shell.
 */
final class ShellWords {

  /** A name or value that no quotation marks are needed for. */
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_. -]*[A-Za-z0-9])?");

  /** What options and arguments are called whose values are files. */
  private static final Set<String> FILES =
      Set.of("FILE", "PATH", "KEY", "MODEL_PATH", "SIGNATURE", "A", "B");

  private static final String DIRECTORY = "DIR";
  private static final int LONGEST_DESCRIPTION = 70;

  private ShellWords() {}

  /** A word that means nothing but itself. */
  static String word(String name) {
    if (!WORD.matcher(name).matches()) {
      throw new IllegalArgumentException("not a word for a shell: " + name);
    }
    return name;
  }

  /** The name of an option with its hyphens. */
  static String optionName(String name) {
    String plain = name.replaceFirst("^--?", "");
    return name.substring(0, name.length() - plain.length()) + word(plain);
  }

  /** The names of all commands below one, those in groups with both words. */
  static List<String> commands(CommandSpec root) {
    List<String> names = new ArrayList<>();
    addCommands(names, root, "");
    return names;
  }

  private static void addCommands(List<String> names, CommandSpec command, String name) {
    for (Map.Entry<String, CommandLine> each : shown(command).entrySet()) {
      String below = (name + " " + each.getKey()).strip();
      names.add(word(below));
      addCommands(names, each.getValue().getCommandSpec(), below);
    }
  }

  /** The commands directly below one, without those that are hidden. */
  static Map<String, CommandLine> shown(CommandSpec command) {
    Map<String, CommandLine> shown = new LinkedHashMap<>(command.subcommands());
    shown.values().removeIf(each -> each.getCommandSpec().usageMessage().hidden());
    return shown;
  }

  /**
   * The command whose options can follow a name: before the method of a group is typed, that of the
   * default.
   */
  static CommandSpec meant(CommandSpec command, String name, Map<String, String> defaults) {
    String method = defaults.getOrDefault(name, "").replaceFirst(".* ", "");
    CommandLine below = command.subcommands().get(method);
    return below == null ? command : below.getCommandSpec();
  }

  /** The options of a command, without those that are hidden. */
  static List<OptionSpec> options(CommandSpec command) {
    return command.options().stream().filter(option -> !option.hidden()).toList();
  }

  /** The names of an option, and its negated names. */
  static List<String> names(CommandSpec command, OptionSpec option) {
    List<String> names = new ArrayList<>();
    for (String each : option.names()) {
      names.add(optionName(each));
    }
    if (option.negatable()) {
      for (String each : option.names()) {
        names.add(optionName(command.negatableOptionTransformer().makeNegative(each, command)));
      }
    }
    return names;
  }

  static boolean takesValue(OptionSpec option) {
    return option.arity().max() > 0;
  }

  /** The names of the options with a value, of this command and all below it. */
  static Set<String> valued(CommandSpec command) {
    Set<String> valued = new TreeSet<>();
    Set<String> flags = new TreeSet<>();
    sort(command, valued, flags);
    // Where a command begins must not depend on what it is.
    for (String name : flags) {
      if (valued.contains(name)) {
        throw new IllegalArgumentException("an option with a value here and none there: " + name);
      }
    }
    return valued;
  }

  private static void sort(CommandSpec command, Set<String> valued, Set<String> flags) {
    for (OptionSpec option : options(command)) {
      (takesValue(option) ? valued : flags).addAll(names(command, option));
    }
    shown(command).values().forEach(each -> sort(each.getCommandSpec(), valued, flags));
  }

  /**
   * Whether the command is followed by names of files. What stands where a group expects a command
   * is a model, for the default one.
   */
  static boolean hasFiles(CommandSpec command) {
    return command.positionalParameters().stream()
        .anyMatch(parameter -> isFile(parameter) || parameter.hidden());
  }

  /** The fixed words that may follow a command. */
  static List<String> fixedWords(CommandSpec command) {
    List<String> words = new ArrayList<>();
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      if (!isFile(parameter) && !parameter.hidden()) {
        words.addAll(values(parameter));
      }
    }
    return words;
  }

  static boolean isFile(ArgSpec argument) {
    return FILES.contains(argument.paramLabel());
  }

  static boolean isDirectory(ArgSpec argument) {
    return argument.paramLabel().equals(DIRECTORY);
  }

  /** The fixed values, none if it has others. */
  static List<String> values(ArgSpec argument) {
    List<String> values = new ArrayList<>();
    if (argument.completionCandidates() != null) {
      for (String each : argument.completionCandidates()) {
        values.add(word(each));
      }
    }
    return values;
  }

  static String description(CommandSpec command) {
    return description(command.usageMessage().description());
  }

  static String description(ArgSpec argument) {
    return description(argument.description());
  }

  /** The first sentence, or as much of it as there is room for. */
  private static String description(String[] description) {
    String text = description.length == 0 ? "" : description[0].replace("%%", "%");
    int end = text.indexOf(". ");
    String sentence = end < 0 ? text.replaceFirst("\\.$", "") : text.substring(0, end);
    if (sentence.length() <= LONGEST_DESCRIPTION) {
      return sentence;
    }
    return sentence.substring(0, sentence.lastIndexOf(' ', LONGEST_DESCRIPTION - 4)) + " ...";
  }
}
