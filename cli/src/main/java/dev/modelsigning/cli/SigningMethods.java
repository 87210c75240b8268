package dev.modelsigning.cli;

import dev.modelsigning.cli.command.MissingMethod;
import dev.modelsigning.cli.command.Underscores;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The default signing method: sigstore, as in the Python tool. */
final class SigningMethods {

  private static final String DEFAULT = "sigstore";
  private static final Set<String> GROUPS =
      Set.of("sign", "verify", "attest", "verify-attestation");

  private SigningMethods() {}

  /** The default commands of the groups. */
  static Map<String, String> defaults() {
    Map<String, String> defaults = new TreeMap<>();
    GROUPS.forEach(group -> defaults.put(group, group + " " + DEFAULT));
    return defaults;
  }

  /**
   * Inserts the default method into the arguments, if they name none and continue with an option or
   * an existing file, or a model of a cluster. Any other word is a misspelt method or model, and is
   * left as it is. Names may contain underscores.
   *
   * @param isModel whether an argument names a model that is no file here
   */
  static String[] withDefault(String[] args, Predicate<String> isModel) {
    int index = commandIndex(args);
    if (index + 1 >= args.length) {
      return args;
    }
    String group = Underscores.toHyphens(args[index]);
    if (!GROUPS.contains(group)
        || !(isDefault(group, args[index + 1]) || isModel.test(args[index + 1]))) {
      return args;
    }
    List<String> result = new ArrayList<>(Arrays.asList(args));
    result.add(index + 1, DEFAULT);
    return result.toArray(new String[0]);
  }

  /**
   * The index of the command after the options of the root; the number of arguments if there is
   * none.
   */
  static int commandIndex(String[] args) {
    int index = 0;
    while (index < args.length && args[index].startsWith("-")) {
      // The only option of the root that takes a value.
      index += Underscores.toHyphens(args[index]).equals("--log-level") ? 2 : 1;
    }
    return index;
  }

  private static boolean isDefault(String group, String next) {
    if (Commands.exists(group + " " + Underscores.toHyphens(next))) {
      return false;
    }
    // Help is about the group, unless more follows.
    boolean help = Set.of("-h", "--help", "-V", "--version").contains(next);
    return next.startsWith("-") ? !help : exists(next);
  }

  /**
   * Other commands that have an option, such as {@code sign key}: those of the same group, or, if
   * there are none, any.
   */
  static List<String> withOption(CommandSpec command, String option) {
    String running = command.qualifiedName();
    CommandSpec group = command.parent();
    String prefix = group == null || group.parent() == null ? "" : group.name() + " ";
    List<String> having = new ArrayList<>();
    for (Commands.Entry entry : Commands.ENTRIES) {
      if (!running.endsWith(" " + entry.name())
          && Underscores.isOption(CommandSpec.forAnnotatedObject(entry.create()), option)) {
        having.add(entry.name());
      }
    }
    List<String> near = having.stream().filter(name -> name.startsWith(prefix)).toList();
    return prefix.isEmpty() || near.isEmpty() ? having : near;
  }

  /** Whether a command is the default method and was not named. */
  static boolean isDefault(CommandSpec command) {
    CommandSpec group = command.parent();
    return command.name().equals(DEFAULT)
        && group != null
        && isGroup(group)
        && RootCommand.of(command).position(DEFAULT) == 0;
  }

  /** What is done without a method, and what the others are. */
  static String explanation(CommandSpec command) {
    String group = command.parent().name();
    List<String> others =
        Commands.ENTRIES.stream()
            .filter(entry -> entry.isIn(group) && !entry.name().endsWith(" " + DEFAULT))
            .map(Commands.Entry::name)
            .toList();
    return "Without a method, '"
        + group
        + "' is '"
        + group
        + " "
        + DEFAULT
        + "'. The others: "
        + String.join(", ", others);
  }

  private static boolean isGroup(CommandSpec command) {
    return GROUPS.contains(command.name());
  }

  /**
   * The error in arguments without a method, whatever options follow; empty if this command does
   * not take a method.
   */
  static Optional<ParameterException> unless(CommandSpec command, String[] args) {
    int index = Arrays.asList(args).indexOf(command.name());
    if (!isGroup(command) || index < 0) {
      return Optional.empty();
    }
    return Optional.of(
        MissingMethod.refusal(command, Arrays.asList(args).subList(index + 1, args.length)));
  }

  private static boolean exists(String argument) {
    try {
      return Files.exists(Path.of(argument), LinkOption.NOFOLLOW_LINKS);
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
