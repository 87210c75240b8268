package dev.modelsigning.cli.form;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ScopeType;

/**
 * Makes commands from {@link FormTable}.
 *
 * <p>What is made parses as the annotated command does, into the same fields. It has no help: a
 * command line that is wrong or asks for help is for the annotated command.
 */
public final class CommonForms {

  /** Where all classes of the table are, but those of the library. */
  static final String ROOM = "dev.modelsigning.cli.";

  private static final char BETWEEN = ' ';

  private CommonForms() {}

  /** Whether a class is in the table. */
  public static boolean has(String type) {
    return FormTable.of(type) != null;
  }

  /**
   * The command line of a command.
   *
   * @param command the command, with its default settings
   * @param name its last word
   */
  public static CommandLine of(Object command, String name) {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(command).name(name);
    add(spec, command, command.getClass().getName(), 0);
    return new CommandLine(spec);
  }

  /** Adds the standard options to a command and to all below it. */
  public static void addHelp(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    spec.addOption(OptionSpec.builder("-h", "--help").usageHelp(true).build());
    spec.addOption(OptionSpec.builder("-V", "--version").versionHelp(true).build());
    for (CommandLine each : command.getSubcommands().values()) {
      addHelp(each);
    }
  }

  /** Adds what a class declares. */
  private static void add(CommandSpec spec, Object owner, String type, int above) {
    String lines = FormTable.of(type);
    if (lines == null) {
      throw new IllegalStateException(type + " is not in the table");
    }
    for (int start = 0; start < lines.length(); ) {
      int end = lines.indexOf('\n', start);
      addLine(spec, owner, above, words(lines, start, end));
      start = end + 1;
    }
  }

  private static String[] words(String text, int start, int end) {
    int count = 1;
    for (int i = start; i < end; i++) {
      count += text.charAt(i) == BETWEEN ? 1 : 0;
    }
    String[] words = new String[count];
    int from = start;
    for (int i = 0; i < count; i++) {
      int to = text.indexOf(BETWEEN, from);
      words[i] = text.substring(from, to < 0 || to > end ? end : to);
      from = to + 1;
    }
    return words;
  }

  private static void addLine(CommandSpec spec, Object owner, int above, String[] words) {
    switch (words[0]) {
      case "super" -> add(spec, owner, ROOM + words[1], above + 1);
      case "mixin" -> add(spec, new Member(owner, above, words[1]), ROOM + words[2], 0);
      case "spec" -> new Member(owner, above, words[1]).set(spec);
      case "parameter" -> spec.addPositional(parameter(new Member(owner, above, words[1]), words));
      default -> spec.addOption(option(new Member(owner, above, words[1]), words));
    }
  }

  private static OptionSpec option(Member member, String[] words) {
    String[] names = new String[words.length - 5];
    System.arraycopy(words, 5, names, 0, names.length);
    OptionSpec.Builder option =
        OptionSpec.builder(names)
            .getter(member)
            .setter(member)
            .hasInitialValue(false)
            .paramLabel(words[3])
            .required(words[4].equals("required"));
    if (words[4].equals("negatable")) {
      option.negatable(true).fallbackValue("true");
    } else if (words[4].equals("inherited")) {
      option.scopeType(ScopeType.INHERIT);
    }
    if (words[2].endsWith("...")) {
      option.type(List.class).auxiliaryTypes(type(words[2].substring(0, words[2].length() - 3)));
    } else {
      option.type(type(words[2]));
    }
    return option.build();
  }

  private static PositionalParamSpec parameter(Member member, String[] words) {
    PositionalParamSpec.Builder parameter =
        PositionalParamSpec.builder()
            .getter(member)
            .setter(member)
            .hasInitialValue(false)
            .paramLabel(words[3])
            .hidden(words[4].equals("hidden"))
            .required(words[4].equals("required"))
            .index(words[5])
            .arity(words[6]);
    if (words[2].endsWith("...")) {
      parameter.type(List.class).auxiliaryTypes(type(words[2].substring(0, words[2].length() - 3)));
    } else {
      parameter.type(type(words[2]));
    }
    return parameter.build();
  }

  private static Class<?> type(String name) {
    return switch (name) {
      case "boolean" -> boolean.class;
      case "char[]" -> char[].class;
      case "Boolean" -> Boolean.class;
      case "Long" -> Long.class;
      case "String" -> String.class;
      case "Path" -> Path.class;
      case "URI" -> URI.class;
      case "Duration" -> Duration.class;
      case "Instant" -> Instant.class;
      default -> named(name);
    };
  }

  private static Class<?> named(String name) {
    try {
      return Class.forName("dev.modelsigning." + name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(name + " in the table is no type", e);
    }
  }
}
