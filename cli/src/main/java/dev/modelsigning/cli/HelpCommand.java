package dev.modelsigning.cli;

import dev.modelsigning.cli.command.Harmless;
import dev.modelsigning.cli.command.Underscores;
import dev.modelsigning.cli.command.WrongUsage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the help of a command, of one in a group too. */
@Command(
    name = "help",
    description = "Print the help of a command.",
    footer = {"", "Examples:", "  model-signing help", "  model-signing help sign key"})
final class HelpCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "COMMAND",
      completionCandidates = Names.class,
      description = "The words of a command. Default: the program itself.")
  private List<String> words = new ArrayList<>();

  /**
   * The first words of commands, for the completion of command lines: those that packages have, as
   * the build of packages asks from a checkout.
   */
  private static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Commands.listed(false).stream()
          .map(Commands.Entry::name)
          .filter(name -> name.indexOf(' ') < 0)
          .iterator();
    }
  }

  @Override
  public Integer call() {
    RootCommand top = RootCommand.of(spec);
    if (top.machine().isWanted()) {
      throw new WrongUsage(
          spec, "help and the version are not printed with --format " + top.machine().format());
    }
    CommandLine command = spec.root().commandLine();
    for (String word : words) {
      CommandLine below = command.getSubcommands().get(Underscores.toHyphens(word));
      if (below == null) {
        throw unknown(word, command);
      }
      command = below;
    }
    top.plainOutput().data(RootCommand.help(command.getCommandSpec()));
    return 0;
  }

  private WrongUsage unknown(String word, CommandLine group) {
    Set<String> names = new LinkedHashSet<>(group.getSubcommands().keySet());
    names.addAll(group.getCommandSpec().optionsMap().keySet());
    List<String> meant = Harmless.meant(word, names);
    return new WrongUsage(
        spec,
        "there is no such command"
            + Harmless.name(word, group.getSubcommands().keySet())
                .map(name -> ": " + name)
                .orElse("")
            + (meant.isEmpty() ? "" : "; did you mean " + String.join(", ", meant) + "?"));
  }
}
