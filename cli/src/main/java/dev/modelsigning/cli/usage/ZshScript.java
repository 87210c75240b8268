package dev.modelsigning.cli.usage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A script that completes command lines in zsh, by zsh's own functions: with descriptions, and
 * without starting a program. It can be a file {@code _model-signing} on the {@code fpath}, or be
 * read by a shell in which {@code compinit} has run.
 */
public final class ZshScript {

  private final StringBuilder script = new StringBuilder();

  private ZshScript() {}

  /**
   * The script.
   *
   * @param root the top of all commands
   * @param defaults the commands that are meant where a group is named without one of its own
   */
  public static String of(CommandSpec root, Map<String, String> defaults) {
    ZshScript zsh = new ZshScript();
    String program = ShellWords.word(root.name());
    String underscored = program.replace('-', '_');
    zsh.line("#compdef " + program + " " + underscored);
    zsh.line("# Completes command lines of " + program + " in zsh. It starts no program.");
    zsh.line("");
    zsh.function(program, root, defaults);
    zsh.line("");
    zsh.line("if [[ ${funcstack[1]} = _" + program + " ]]; then");
    zsh.line("  _" + program + " \"$@\"");
    zsh.line("else");
    zsh.line("  compdef _" + program + " " + program + " " + underscored);
    zsh.line("fi");
    return zsh.script.toString();
  }

  /** Finds the words of the command, leaves them out, and completes what is left as its own. */
  private void function(String program, CommandSpec root, Map<String, String> defaults) {
    line("_" + program + "() {");
    line("  local curcontext=$curcontext state state_descr line command= option= word");
    line("  local -i i first=0 second=0");
    line("  local -a rest names");
    line("  local -A opt_args");
    line("  for ((i = 2; i < CURRENT; i++)); do");
    line("    word=${(Q)words[i]}");
    line("    if [[ -n $option ]]; then");
    line("      option=");
    line("    elif [[ $word = -- ]]; then");
    line("      break");
    line("    elif [[ $word = -* ]]; then");
    line("      case ${word//_/-} in");
    line("        (" + String.join("|", ShellWords.valued(root)) + ") option=$word ;;");
    line("      esac");
    line("    elif ((first == 0)); then");
    line("      first=i");
    line("      names=(${word//_/-})");
    line("    elif ((second == 0)); then");
    line("      second=i");
    line("      names+=(\"${word//_/-}\")");
    line("    fi");
    line("  done");
    List<String> pairs = new ArrayList<>();
    for (String name : ShellWords.commands(root)) {
      if (name.indexOf(' ') >= 0) {
        pairs.add("'" + name + "'");
      }
    }
    line("  command=\"${names[*]}\"");
    line("  case $command in");
    line("    (" + String.join("|", pairs) + ") ;;");
    for (Map.Entry<String, String> each : defaults.entrySet()) {
      line(
          "    ('"
              + ShellWords.word(each.getKey())
              + " '*) command='"
              + ShellWords.word(each.getValue())
              + "' second=0 ;;");
    }
    line("    (*) command=${names[1]-} second=0 ;;");
    line("  esac");
    line("  rest=()");
    line("  for ((i = 1; i <= ${#words}; i++)); do");
    line("    if ((i != first && i != second)); then");
    line("      rest+=(\"${words[i]}\")");
    line("    fi");
    line("  done");
    line("  ((CURRENT -= (first > 0) + (second > 0)))");
    line("  words=(\"${rest[@]}\")");
    line("  case $command in");
    cases(root, "", defaults);
    line("    (*) return 1 ;;");
    line("  esac");
    line("}");
  }

  private void cases(CommandSpec command, String name, Map<String, String> defaults) {
    CommandSpec meant = ShellWords.meant(command, name, defaults);
    Map<String, CommandLine> below = ShellWords.shown(command);
    line("    ('" + name + "')");
    if (!below.isEmpty()) {
      line("      local -a commands=(");
      below.forEach((word, each) ->
          line(
              "        "
                  + quote(
                      ShellWords.word(word)
                          + ":"
                          + ShellWords.description(each.getCommandSpec()).replace(":", "\\:"))));
      line("      )");
    }
    line("      _arguments -s -S -C : \\");
    for (OptionSpec option : ShellWords.options(meant)) {
      for (String each : ShellWords.names(meant, option)) {
        line("        " + quote(specification(meant, option, each)) + " \\");
      }
    }
    List<String> words = ShellWords.fixedWords(command);
    if (!below.isEmpty()) {
      line("        '1:command:->commands' && return 0");
      line("      if [[ $state = commands ]]; then");
      if (ShellWords.hasFiles(command) && defaults.containsKey(name)) {
        line("        _alternative 'commands:command:{_describe command commands}' \\");
        line("          'files:model:_files'");
      } else {
        line("        _describe command commands");
      }
      line("        return");
      line("      fi");
      line("      return 1");
    } else if (ShellWords.hasFiles(command)) {
      line("        '*:file:_files'");
    } else {
      line("        '*:word:(" + String.join(" ", words) + ")'");
    }
    line("      ;;");
    below.forEach(
        (word, each) -> cases(each.getCommandSpec(), (name + " " + word).strip(), defaults));
  }

  /** How an option is described to {@code _arguments}. */
  private static String specification(CommandSpec command, OptionSpec option, String name) {
    StringBuilder text = new StringBuilder();
    if (option.isMultiValue()) {
      text.append('*');
    } else {
      // Neither it, nor its other names, nor its denial a second time.
      text.append('(').append(String.join(" ", ShellWords.names(command, option))).append(')');
    }
    text.append(name);
    if (ShellWords.takesValue(option)) {
      text.append(name.startsWith("--") ? "=" : "+");
    }
    text.append('[').append(escape(ShellWords.description(option))).append(']');
    if (ShellWords.takesValue(option)) {
      text.append(':').append(label(option)).append(':');
      text.append(values(option));
    }
    return text.toString();
  }

  /** What a value is called; a colon in it would end it. */
  private static String label(OptionSpec option) {
    return Arrays.stream(option.paramLabel().split(":", -1))
        .map(ShellWords::word)
        .collect(Collectors.joining("\\:"));
  }

  private static String values(ArgSpec argument) {
    if (ShellWords.isFile(argument)) {
      return "_files";
    }
    if (ShellWords.isDirectory(argument)) {
      return "_path_files -/";
    }
    List<String> values = ShellWords.values(argument);
    // A space completes nothing, and says what is expected.
    return values.isEmpty() ? " " : "(" + String.join(" ", values) + ")";
  }

  private static String escape(String description) {
    return description.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]");
  }

  /** A word in single quotation marks, in which only these mean something. */
  static String quote(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  private void line(String line) {
    script.append(line).append('\n');
  }
}
