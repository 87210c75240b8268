package dev.modelsigning.cli.usage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A script that completes command lines in fish, for which the parser has none. It has one line for
 * each command, option and place of files, which counts while its command is typed. Names and
 * values are words of a few characters; whatever else there is, descriptions, is quoted.
 */
public final class FishScript {

  /** A name or value that no quotation marks are needed for. */
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_. -]*[A-Za-z0-9])?");

  /** What options and arguments are called whose values are files. */
  private static final Set<String> FILES =
      Set.of("FILE", "PATH", "KEY", "MODEL_PATH", "SIGNATURE", "A", "B", "DIR");

  private static final int LONGEST_DESCRIPTION = 70;

  private final String program;
  private final StringBuilder script = new StringBuilder();

  private FishScript(String program) {
    this.program = word(program);
  }

  /**
   * The script.
   *
   * @param root the top of all commands
   * @param defaults the commands that are meant where a group is named without one of its own
   */
  public static String of(CommandSpec root, Map<String, String> defaults) {
    FishScript fish = new FishScript(root.name());
    List<String> names = new ArrayList<>();
    addNames(names, root, "");
    fish.functions(names, defaults, valued(root));
    fish.line("complete -c " + fish.program + " -f");
    fish.add(root, "");
    fish.line("complete -c " + fish.program.replace('-', '_') + " -w " + fish.program);
    return fish.script.toString();
  }

  private static void addNames(List<String> names, CommandSpec command, String name) {
    for (Map.Entry<String, CommandLine> each : command.subcommands().entrySet()) {
      String below = (name + " " + each.getKey()).strip();
      names.add(word(below));
      addNames(names, each.getValue().getCommandSpec(), below);
    }
  }

  /** The options that may stand before a command and have a value behind them. */
  private static List<String> valued(CommandSpec root) {
    List<String> names = new ArrayList<>();
    for (OptionSpec option : root.options()) {
      if (option.arity().max() > 0) {
        for (String name : option.names()) {
          String plain = name.replaceFirst("^--?", "");
          names.add(name.substring(0, name.length() - plain.length()) + word(plain));
        }
      }
    }
    return names;
  }

  /** What the lines behind ask. Fish has lists that begin with 1, and lists of no element. */
  private void functions(List<String> names, Map<String, String> defaults, List<String> valued) {
    line("# Completes command lines of " + program + " in fish.");
    line("");
    line("function __model_signing_command -d 'Print the command that is typed'");
    line("    set -l tokens (commandline -opc)");
    line("    set -e tokens[1]");
    line("    set -l words");
    line("    set -l value no");
    line("    for token in $tokens");
    line("        if test $value = yes");
    line("            set value no");
    line("        else if contains -- $token " + String.join(" ", valued));
    line("            set value yes");
    line("        else if not string match -q -- '-*' $token");
    line("            set words $words $token");
    line("        end");
    line("    end");
    line("    set words (string replace -a _ - -- $words)");
    line("    if contains -- \"$words[1] $words[2]\" " + quoted(names, " "));
    line("        echo \"$words[1] $words[2]\"");
    for (Map.Entry<String, String> each : defaults.entrySet()) {
      line("    else if test (count $words) -gt 1 -a \"$words[1]\" = " + word(each.getKey()));
      line("        echo '" + word(each.getValue()) + "'");
    }
    line("    else");
    line("        echo \"$words[1]\"");
    line("    end");
    line("end");
    line("");
    line("function __model_signing_is -d 'Whether this command is typed'");
    line("    set -l command (__model_signing_command)");
    line("    test \"$command\" = \"$argv\"");
    line("end");
    line("");
  }

  private static String quoted(List<String> names, String containing) {
    return String.join(
        " ",
        names.stream()
            .filter(name -> name.contains(containing))
            .map(name -> "'" + name + "'")
            .toList());
  }

  private void add(CommandSpec command, String name) {
    for (Map.Entry<String, CommandLine> each : command.subcommands().entrySet()) {
      CommandSpec below = each.getValue().getCommandSpec();
      entry(name, "-a " + word(each.getKey()), description(below.usageMessage().description()));
    }
    boolean files = false;
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      // What stands where a group expects a command is a model, for the default one.
      if (isFile(parameter) || parameter.hidden()) {
        if (!files) {
          entry(name, "-F", "");
        }
        files = true;
      } else if (parameter.completionCandidates() != null) {
        entry(name, "-a " + values(parameter), "");
      }
    }
    for (OptionSpec option : command.options()) {
      option(command, option, name);
    }
    for (Map.Entry<String, CommandLine> each : command.subcommands().entrySet()) {
      add(each.getValue().getCommandSpec(), (name + " " + each.getKey()).strip());
    }
  }

  private void option(CommandSpec command, OptionSpec option, String name) {
    StringBuilder words = new StringBuilder();
    for (String each : option.names()) {
      words
          .append(words.isEmpty() ? "" : " ")
          .append(
              each.startsWith("--")
                  ? "-l " + word(each.substring(2))
                  : "-s " + word(each.substring(1)));
    }
    if (option.arity().max() > 0) {
      if (isFile(option)) {
        words.append(" -r -F");
      } else if (option.completionCandidates() != null) {
        words.append(" -x -a ").append(values(option));
      } else {
        words.append(" -x");
      }
    }
    entry(name, words.toString(), description(option.description()));
    if (option.negatable()) {
      for (String each : option.names()) {
        String negative = command.negatableOptionTransformer().makeNegative(each, command);
        entry(name, "-l " + word(negative.substring(2)), description(option.description()));
      }
    }
  }

  private static boolean isFile(ArgSpec argument) {
    return FILES.contains(argument.paramLabel());
  }

  private static String values(ArgSpec argument) {
    List<String> values = new ArrayList<>();
    for (String each : argument.completionCandidates()) {
      values.add(word(each));
    }
    return "'" + String.join(" ", values) + "'";
  }

  /** A line that counts while this command is typed. */
  private void entry(String name, String words, String description) {
    line(
        "complete -c "
            + program
            + " -n '"
            + ("__model_signing_is " + name).strip()
            + "' "
            + words
            + (description.isEmpty() ? "" : " -d " + quote(description)));
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

  /**
   * A word in single quotation marks, in which only these and backslashes mean something (fish).
   */
  static String quote(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  /** A word that means nothing but itself. */
  static String word(String name) {
    if (!WORD.matcher(name).matches()) {
      throw new IllegalArgumentException("not a word for a shell: " + name);
    }
    return name;
  }

  private void line(String line) {
    script.append(line).append('\n');
  }
}
