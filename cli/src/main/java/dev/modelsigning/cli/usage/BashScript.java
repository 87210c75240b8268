package dev.modelsigning.cli.usage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A script that completes command lines in bash. The parser could write one, but that expands the
 * names of files as words of the shell: where a file is called {@code x$(command)}, asking for
 * completions runs the command. Here names of files are left to readline, which expands nothing and
 * quotes them, and no program is started.
 */
public final class BashScript {

  private final StringBuilder script = new StringBuilder();

  private BashScript() {}

  /**
   * The script.
   *
   * @param root the top of all commands
   * @param defaults the commands that are meant where a group is named without one of its own
   */
  public static String of(CommandSpec root, Map<String, String> defaults) {
    BashScript bash = new BashScript();
    bash.commandFunction(root, defaults);
    bash.choices(root, defaults);
    bash.completeFunction(ShellWords.word(root.name()));
    return bash.script.toString();
  }

  /**
   * Finds the command, and the option whose value is being typed. Where = and : part words, as they
   * do by default, they are words themselves.
   */
  private void commandFunction(CommandSpec root, Map<String, String> defaults) {
    String program = ShellWords.word(root.name());
    line("# Completes command lines of " + program + " in bash. It starts no program, and leaves");
    line("# names of files to bash itself.");
    line("");
    line("# Sets command to the command that is typed, and option to the one whose value is.");
    line("_model_signing_command() {");
    line("  local i word joined=no names=no first='' second=''");
    line("  for ((i = 1; i < COMP_CWORD; i++)); do");
    line("    word=${COMP_WORDS[i]}");
    line("    if [[ $word == [=:]* ]]; then");
    line("      [[ -n $option ]] || joined=yes");
    line("    elif [[ $joined = yes ]]; then");
    line("      joined=no");
    line("    elif [[ -n $option ]]; then");
    line("      option=");
    line("    elif [[ $names = no && $word == -- ]]; then");
    line("      names=yes");
    line("    elif [[ $names = no && $word == -* ]]; then");
    line("      case ${word//_/-} in");
    line("        " + String.join(" | ", ShellWords.valued(root)) + ") option=${word//_/-} ;;");
    line("      esac");
    line("    elif [[ -z $first ]]; then");
    line("      first=${word//_/-}");
    line("    elif [[ -z $second ]]; then");
    line("      second=${word//_/-}");
    line("    fi");
    line("  done");
    line("  [[ $names = no ]] || current_may_be_option=no");
    line("  [[ $joined = no ]] || inside=yes");
    line("  case \"$first $second\" in");
    List<String> pairs = new ArrayList<>();
    for (String name : ShellWords.commands(root)) {
      if (name.indexOf(' ') >= 0) {
        pairs.add("'" + name + "'");
      }
    }
    line("    " + String.join(" | ", pairs) + ") command=\"$first $second\" ;;");
    for (Map.Entry<String, String> each : defaults.entrySet()) {
      line("    '" + ShellWords.word(each.getKey()) + " ') command=$first ;;");
      line("    '" + each.getKey() + " '*) command='" + ShellWords.word(each.getValue()) + "' ;;");
    }
    line("    *) command=$first ;;");
    line("  esac");
    line("}");
    line("");
  }

  private void choices(CommandSpec root, Map<String, String> defaults) {
    line("# Sets words to the fixed ones that can follow, options to those of the command, and");
    line("# files to what files can.");
    line("_model_signing_choices() {");
    line("  case $command in");
    choices(root, "", defaults);
    line("  esac");
    line("}");
    line("");
  }

  private void choices(CommandSpec command, String name, Map<String, String> defaults) {
    CommandSpec meant = ShellWords.meant(command, name, defaults);
    List<String> names = new ArrayList<>();
    Map<String, List<String>> byEffect = new LinkedHashMap<>();
    for (OptionSpec option : ShellWords.options(meant)) {
      names.addAll(ShellWords.names(meant, option));
      if (ShellWords.takesValue(option)) {
        byEffect
            .computeIfAbsent(effect(option), effect -> new ArrayList<>())
            .addAll(ShellWords.names(meant, option));
      }
    }
    List<String> words = new ArrayList<>();
    ShellWords.shown(command).keySet().forEach(each -> words.add(ShellWords.word(each)));
    words.addAll(ShellWords.fixedWords(command));
    line("    '" + name + "')");
    line("      options='" + String.join(" ", names) + "'");
    line("      case $option in");
    line(
        "        '') words='"
            + String.join(" ", words)
            + "' files="
            + (ShellWords.hasFiles(command) ? "all" : "none")
            + " ;;");
    byEffect.forEach((effect, options) ->
        line("        " + String.join(" | ", options) + ") " + effect + " ;;"));
    line("      esac");
    line("      ;;");
    ShellWords.shown(command)
        .forEach((word, below) ->
            choices(below.getCommandSpec(), (name + " " + word).strip(), defaults));
  }

  private static String effect(OptionSpec option) {
    if (ShellWords.isFile(option)) {
      return "files=all";
    }
    if (ShellWords.isDirectory(option)) {
      return "files=directories";
    }
    return "words='" + String.join(" ", ShellWords.values(option)) + "'";
  }

  private void completeFunction(String program) {
    line("_model_signing() {");
    line("  local IFS=$' \\t\\n'");
    line("  local current=$2 prefix='' command='' option='' options='' words='' files=none");
    line("  local current_may_be_option=yes inside=no candidate");
    line("  COMPREPLY=()");
    line("  _model_signing_command");
    line("  if [[ $current == [=:] ]]; then");
    line("    current=");
    line("    [[ -n $option ]] || inside=yes");
    line("  elif [[ -z $option && $current_may_be_option = yes && $current == -*=* ]]; then");
    line("    # Where = does not part words.");
    line("    prefix=${current%%=*}=");
    line("    option=${prefix%=}");
    line("    option=${option//_/-}");
    line("    current=${current#*=}");
    line("  fi");
    line("  [[ $inside = yes ]] || _model_signing_choices");
    line("  if [[ -z $option && $current_may_be_option = yes && $current == -* ]]; then");
    line("    words=$options files=none");
    line("  fi");
    line("  for candidate in $words; do");
    line("    if [[ $candidate == \"$current\"* ]]; then");
    line("      COMPREPLY+=(\"$prefix$candidate\")");
    line("    fi");
    line("  done");
    line("  # Bash 3 has no compopt, and names files wherever there is nothing else.");
    line("  if type compopt &> /dev/null; then");
    line("    case $files in");
    line("      none) compopt +o default ;;");
    line("      directories) compopt +o default -o dirnames ;;");
    line("    esac");
    line("  fi");
    line("}");
    line("");
    line("complete -o default -F _model_signing " + program + " " + program.replace('-', '_'));
  }

  private void line(String line) {
    script.append(line).append('\n');
  }
}
