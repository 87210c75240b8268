package dev.modelsigning.cli.usage;

import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A script that completes command lines in fish, for which the parser has none. It has one line for
 * each command, option and place of files, which applies to that command only. Names and values are
 * words of a few characters; whatever else there is, descriptions, is quoted.
 */
public final class FishScript {

  private final String program;
  private final StringBuilder script = new StringBuilder();

  private FishScript(String program) {
    this.program = ShellWords.word(program);
  }

  /**
   * The script.
   *
   * @param root the top of all commands
   * @param defaults the commands that are meant where a group is named without one of its own
   */
  public static String of(CommandSpec root, Map<String, String> defaults) {
    FishScript fish = new FishScript(root.name());
    fish.functions(ShellWords.commands(root), defaults, ShellWords.valued(root));
    fish.line("complete -c " + fish.program + " -f");
    fish.add(root, "");
    fish.line("complete -c " + fish.program.replace('-', '_') + " -w " + fish.program);
    return fish.script.toString();
  }

  /**
   * Functions used by the conditions below. Fish has lists that begin with 1, and lists of no
   * element.
   */
  private void functions(List<String> names, Map<String, String> defaults, Set<String> valued) {
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
    line(
        "        else if contains -- (string replace -a _ - -- $token) "
            + String.join(" ", valued));
    line("            set value yes");
    line("        else if not string match -q -- '-*' $token");
    line("            set words $words $token");
    line("        end");
    line("    end");
    line("    set words (string replace -a _ - -- $words)");
    line("    if contains -- \"$words[1] $words[2]\" " + quoted(names, " "));
    line("        echo \"$words[1] $words[2]\"");
    for (Map.Entry<String, String> each : defaults.entrySet()) {
      line(
          "    else if test (count $words) -gt 1 -a \"$words[1]\" = "
              + ShellWords.word(each.getKey()));
      line("        echo '" + ShellWords.word(each.getValue()) + "'");
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
    ShellWords.shown(command)
        .forEach((word, below) ->
            entry(name, "-a " + word, ShellWords.description(below.getCommandSpec())));
    if (ShellWords.hasFiles(command)) {
      entry(name, "-F", "");
    }
    List<String> words = ShellWords.fixedWords(command);
    if (!words.isEmpty()) {
      entry(name, "-a '" + String.join(" ", words) + "'", "");
    }
    for (OptionSpec option : ShellWords.options(command)) {
      option(command, option, name);
    }
    ShellWords.shown(command)
        .forEach((word, below) -> add(below.getCommandSpec(), (name + " " + word).strip()));
  }

  private void option(CommandSpec command, OptionSpec option, String name) {
    List<String> names = List.of(option.names());
    StringBuilder words = new StringBuilder();
    for (String each : names) {
      words.append(words.isEmpty() ? "" : " ").append(switchFor(each));
    }
    if (ShellWords.takesValue(option)) {
      List<String> values = ShellWords.values(option);
      if (ShellWords.isFile(option)) {
        words.append(" -r -F");
      } else if (ShellWords.isDirectory(option)) {
        words.append(" -x -a '(__fish_complete_directories)'");
      } else if (!values.isEmpty()) {
        words.append(" -x -a '").append(String.join(" ", values)).append("'");
      } else {
        words.append(" -x");
      }
    }
    entry(name, words.toString(), ShellWords.description(option));
    for (String each : ShellWords.names(command, option)) {
      if (!names.contains(each)) {
        entry(name, switchFor(each), ShellWords.description(option));
      }
    }
  }

  private static String switchFor(String name) {
    return name.startsWith("--")
        ? "-l " + ShellWords.word(name.substring(2))
        : "-s " + ShellWords.word(name.substring(1));
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

  /**
   * A word in single quotation marks, in which only these and backslashes mean something (fish).
   */
  static String quote(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  private void line(String line) {
    script.append(line).append('\n');
  }
}
