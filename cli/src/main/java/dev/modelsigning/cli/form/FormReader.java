package dev.modelsigning.cli.form;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ScopeType;

/** Reads what a command declares from {@link FormTable}. */
final class FormReader {

  private static final char BETWEEN = ' ';

  /** Behind the type of what can be given more than once. */
  private static final String MANY = "...";

  private final Object command;
  private final CommandSpec spec;

  /** How many fields within one another are being read. */
  private int depth;

  /** The parameters of the fields that are being read: picocli has them behind their options. */
  private final List<PositionalParamSpec> parameters = new ArrayList<>();

  FormReader(Object command) {
    this.command = command;
    this.spec = CommandSpec.wrapWithoutInspection(command);
  }

  CommandSpec read() {
    read(command, command.getClass().getName(), 0);
    return spec;
  }

  /**
   * Reads what a class declares.
   *
   * @param owner the object, or the field that has it
   * @param above how many classes above that of the object the class is
   */
  private void read(Object owner, String type, int above) {
    String lines = FormTable.of(type);
    if (lines == null) {
      throw new IllegalStateException(type + " is not in the table");
    }
    for (int start = 0; start < lines.length(); ) {
      int end = lines.indexOf('\n', start);
      add(owner, above, words(lines, start, end));
      start = end + 1;
    }
  }

  /** Splits a line, without loading anything for it. */
  private static String[] words(String text, int start, int end) {
    int count = 1;
    for (int i = start; i < end; i++) {
      count += text.charAt(i) == BETWEEN ? 1 : 0;
    }
    String[] words = new String[count];
    int from = start;
    for (int i = 0; i < count - 1; i++) {
      int to = text.indexOf(BETWEEN, from);
      words[i] = text.substring(from, to);
      from = to + 1;
    }
    words[count - 1] = text.substring(from, end);
    return words;
  }

  private void add(Object owner, int above, String[] words) {
    switch (words[0]) {
      case "command" -> spec.name(words[1]);
      case "super" -> read(owner, FormTable.ROOM + words[1], above + 1);
      case "spec" -> new Member(owner, above, words[1]).set(spec);
      case "mixin" -> readMixin(new Member(owner, above, words[1]), words[2]);
      case "option" -> spec.addOption(option(new Member(owner, above, words[1]), words));
      case "parameter" -> {
        PositionalParamSpec parameter = parameter(new Member(owner, above, words[1]), words);
        if (depth == 0) {
          spec.addPositional(parameter);
        } else {
          parameters.add(parameter);
        }
      }
      default -> throw new IllegalStateException(words[0] + " in the table is unknown");
    }
  }

  private void readMixin(Member field, String type) {
    depth++;
    read(field, FormTable.ROOM + type, 0);
    depth--;
    if (depth == 0) {
      for (PositionalParamSpec parameter : parameters) {
        spec.addPositional(parameter);
      }
      parameters.clear();
    }
  }

  private static OptionSpec option(Member member, String[] words) {
    OptionSpec.Builder option =
        OptionSpec.builder(Arrays.copyOfRange(words, 5, words.length))
            .getter(member)
            .setter(member)
            .hasInitialValue(false) // the field has it
            .type(type(words[2]))
            .auxiliaryTypes(element(words[2]))
            .paramLabel(words[3])
            .required(words[4].equals("required"));
    if (words[4].equals("negatable")) {
      option.negatable(true).fallbackValue("true");
    } else if (words[4].equals("inherited")) {
      option.scopeType(ScopeType.INHERIT);
    }
    return option.build();
  }

  private static PositionalParamSpec parameter(Member member, String[] words) {
    return PositionalParamSpec.builder()
        .getter(member)
        .setter(member)
        .hasInitialValue(false)
        .type(type(words[2]))
        .auxiliaryTypes(element(words[2]))
        .paramLabel(words[3])
        .required(words[4].equals("required"))
        .hidden(words[4].equals("hidden"))
        .index(words[5])
        .arity(words[6])
        .build();
  }

  private static Class<?> element(String type) {
    if (type.endsWith(MANY)) {
      return single(type.substring(0, type.length() - MANY.length()));
    }
    return type.equals("char[]") ? char.class : single(type);
  }

  private static Class<?> type(String name) {
    return name.endsWith(MANY) ? List.class : single(name);
  }

  private static Class<?> single(String name) {
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
      default -> ours(name);
    };
  }

  private static Class<?> ours(String name) {
    try {
      return Class.forName("dev.modelsigning." + name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(name + " in the table is no type", e);
    }
  }
}
