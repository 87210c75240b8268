package dev.modelsigning.cli.usage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The help of a command. The parser has one, too, which breaks lines at every hyphen and point, and
 * so within the names of options and files; here lines are broken at spaces only. What a command
 * says of itself is one text for each paragraph; lines that begin with a space, such as examples,
 * stay as they are.
 */
public final class HelpText {

  /** The least and the most columns that lines are broken for. */
  private static final int NARROWEST = 40;

  private static final int WIDEST = 80;

  /** From this width on, names and what they mean stand beside each other. */
  private static final int TWO_COLUMNS = 70;

  /** Where the text beside a name begins, and where it does below one. */
  private static final int BESIDE = 28;

  private static final int BELOW = 8;

  /** How many columns what a command is for has at least, to stand beside its name. */
  private static final int ROOM = 30;

  private final int columns;
  private final StringBuilder text = new StringBuilder();

  private HelpText(int columns) {
    this.columns = Math.max(NARROWEST, Math.min(WIDEST, columns));
  }

  /**
   * The help as lines, each with its end.
   *
   * @param command the command
   * @param columns how wide the terminal is
   * @param documentation where more is said
   */
  public static String of(CommandSpec command, int columns, String documentation) {
    HelpText help = new HelpText(columns);
    help.wrap("Usage: " + synopsis(command), 0, "Usage: ".length());
    help.line("");
    help.paragraphs(command.usageMessage().description());
    help.parameters(command);
    help.options(command);
    help.commands(command);
    help.paragraphs(command.usageMessage().footer());
    help.line("");
    help.wrap("More: " + documentation, 0, 0);
    return help.text.toString();
  }

  /** What a command line of a command looks like: what it needs, and that there is more. */
  public static String synopsis(CommandSpec command) {
    List<String> words = new ArrayList<>(List.of(command.qualifiedName()));
    for (OptionSpec option : command.options()) {
      if (option.required()) {
        words.add(name(option, option.longestName()));
      }
    }
    words.add("[OPTION]...");
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      if (!parameter.hidden()) {
        words.add(name(parameter));
      }
    }
    if (!command.subcommands().isEmpty()) {
      words.add(command.usageMessage().synopsisSubcommandLabel());
    }
    return String.join(" ", words);
  }

  private void parameters(CommandSpec command) {
    boolean first = true;
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      if (!parameter.hidden()) {
        if (first) {
          line("");
        }
        first = false;
        entry("  " + name(parameter), description(parameter), meanings());
      }
    }
  }

  private void options(CommandSpec command) {
    line("");
    line("Options:");
    for (OptionSpec option : ShellWords.options(command)) {
      List<String> names = new ArrayList<>();
      for (String each : option.names()) {
        names.add(option.negatable() ? each.replaceFirst("^--", "--[no-]") : each);
      }
      String label = (names.get(0).startsWith("--") ? "    " : "") + String.join(", ", names);
      entry("  " + name(option, label), description(option), meanings());
    }
  }

  private void commands(CommandSpec command) {
    if (command.subcommands().isEmpty()) {
      return;
    }
    line("");
    line("Commands:");
    int longest = command.subcommands().keySet().stream().mapToInt(String::length).max().getAsInt();
    int indentation = columns < longest + 4 + ROOM ? BELOW : longest + 4;
    for (Map.Entry<String, CommandLine> each : command.subcommands().entrySet()) {
      String[] description = each.getValue().getCommandSpec().usageMessage().description();
      entry(
          "  " + each.getKey(), plain(description.length == 0 ? "" : description[0]), indentation);
    }
  }

  private static String name(OptionSpec option, String label) {
    return option.arity().max() == 0 ? label : label + "=" + option.paramLabel();
  }

  private static String name(PositionalParamSpec parameter) {
    String label = parameter.paramLabel() + (parameter.arity().max() > 1 ? "..." : "");
    return parameter.arity().min() == 0 ? "[" + label + "]" : label;
  }

  private static String description(ArgSpec argument) {
    return plain(String.join(" ", argument.description()));
  }

  /** Texts are formats to the parser, in which a percent sign is doubled. */
  private static String plain(String description) {
    return description.replace("%%", "%");
  }

  private void paragraphs(String[] paragraphs) {
    for (String paragraph : paragraphs) {
      if (paragraph.isEmpty() || paragraph.startsWith(" ")) {
        line(plain(paragraph));
      } else {
        wrap(plain(paragraph), 0, 0);
      }
    }
  }

  /** How far what names mean is indented. */
  private int meanings() {
    return columns < TWO_COLUMNS ? BELOW : BESIDE;
  }

  /** A name and what it means. */
  private void entry(String label, String meaning, int indentation) {
    if (indentation == BELOW || label.length() + 2 > indentation) {
      line(label);
      wrap(meaning, indentation, indentation);
    } else {
      wrap(label + " ".repeat(indentation - label.length()) + meaning, 0, indentation);
    }
  }

  /**
   * Adds a text in lines that are broken at single spaces; where there are more, it is a label.
   *
   * @param first how far the first line is indented
   * @param others how far the others are
   */
  private void wrap(String paragraph, int first, int others) {
    StringBuilder line = new StringBuilder(" ".repeat(first));
    boolean empty = true;
    for (String word : paragraph.split("(?<=\\S) (?=\\S)", -1)) {
      if (!empty && line.length() + 1 + word.length() > columns) {
        line(line.toString());
        line.setLength(0);
        line.append(" ".repeat(others));
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    line(line.toString());
  }

  private void line(String line) {
    text.append(line).append(System.lineSeparator());
  }
}
