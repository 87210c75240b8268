package dev.modelsigning.cli.form;

import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Writes the table of commands from their annotations. */
final class FormWriter {

  private static final String LIBRARY = "dev.modelsigning.";

  /** The lines of each class, in the order in which they are met. */
  private final Map<Class<?>, String> sections = new LinkedHashMap<>();

  /** Adds what a command declares, and all that it has in its fields. */
  void add(CommandSpec command) throws IllegalAccessException {
    Object object = command.userObject();
    add(object.getClass(), object);
  }

  private void add(Class<?> type, Object object) throws IllegalAccessException {
    if (sections.containsKey(type)) {
      return;
    }
    sections.put(type, ""); // its place
    StringBuilder lines = new StringBuilder();
    Command command = type.getDeclaredAnnotation(Command.class);
    if (command != null) {
      lines.append("command ").append(command.name()).append('\n');
    }
    Class<?> above = type.getSuperclass();
    if (above.getName().startsWith(FormTable.ROOM)) {
      add(above, object);
      lines.append("super ").append(name(above, FormTable.ROOM)).append('\n');
    }
    List<ArgSpec> arguments = CommandSpec.forAnnotatedObject(object).args();
    for (Field field : type.getDeclaredFields()) {
      field.setAccessible(true);
      String line = line(field, object, arguments);
      if (!line.isEmpty()) {
        lines.append(line).append('\n');
      }
    }
    sections.put(type, lines.toString());
  }

  private String line(Field field, Object object, List<ArgSpec> arguments)
      throws IllegalAccessException {
    if (field.isAnnotationPresent(Spec.class)) {
      return "spec " + field.getName();
    }
    if (field.isAnnotationPresent(Mixin.class)) {
      Object mixin = field.get(object);
      add(mixin.getClass(), mixin);
      return "mixin " + field.getName() + " " + name(mixin.getClass(), FormTable.ROOM);
    }
    if (field.isAnnotationPresent(Option.class) || field.isAnnotationPresent(Parameters.class)) {
      return arguments.stream()
          .filter(argument -> field.equals(argument.userObject()))
          .map(argument -> line(field, argument))
          .findFirst()
          .orElseThrow();
    }
    return "";
  }

  private static String line(Field field, ArgSpec argument) {
    String kind = argument.isOption() ? "option" : "parameter";
    String type =
        argument.typeInfo().isCollection()
            ? name(argument.auxiliaryTypes()[0], LIBRARY) + "..."
            : name(argument.type(), LIBRARY);
    return String.join(
        " ", kind, field.getName(), type, argument.paramLabel(), property(argument), end(argument));
  }

  private static String property(ArgSpec argument) {
    if (argument.required()) {
      return "required";
    }
    if (argument.hidden()) {
      return "hidden";
    }
    if (argument.scopeType() == ScopeType.INHERIT) {
      return "inherited";
    }
    return argument instanceof OptionSpec option && option.negatable() ? "negatable" : "optional";
  }

  private static String end(ArgSpec argument) {
    return argument instanceof OptionSpec option
        ? String.join(" ", option.names())
        : ((PositionalParamSpec) argument).index() + " " + argument.arity();
  }

  private static String name(Class<?> type, String prefix) {
    return type.getName().startsWith(prefix)
        ? type.getName().substring(prefix.length())
        : type.getSimpleName();
  }

  /** The source of the table. */
  String source() {
    StringBuilder source =
        new StringBuilder(
            """
            package dev.modelsigning.cli.form;

            import org.jspecify.annotations.Nullable;

            /**
             * What the annotations of the common commands say, as far as it counts for parsing. A test has
             * written it, and fails if they say something else.
             *
             * <p>Texts, as the JVM makes one only for a class that is asked for. A line is a declaration:
             *
             * <pre>
             * command NAME
             * super CLASS                                        what the class above declares
             * spec FIELD
             * mixin FIELD CLASS                                  what the class in the field declares
             * option FIELD TYPE LABEL PROPERTY NAME...
             * parameter FIELD TYPE LABEL PROPERTY INDEX ARITY
             * </pre>
             */
            final class FormTable {

              /** Where all classes of the table are. */
              static final String ROOM = "dev.modelsigning.cli.";

              private FormTable() {}

              /** What a class declares; null if it is not here. */
              static @Nullable String of(String type) {
                if (!type.startsWith(ROOM)) {
                  return null;
                }
                return switch (type.substring(ROOM.length())) {
            """);
    sections.forEach((type, lines) ->
        source
            .append("      case \"")
            .append(name(type, FormTable.ROOM))
            .append("\" ->\n          \"\"\"\n")
            .append(lines.indent(10))
            .append("          \"\"\";\n"));
    return source.append("      default -> null;\n    };\n  }\n}\n").toString();
  }
}
