package dev.modelsigning.cli.form;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Makes command lines from {@link FormTable}.
 *
 * <p>What is made parses as the annotated commands do, into the same fields. It has no help: a
 * command line that is wrong or asks for help is for the annotated commands.
 */
public final class CommonForms {

  private CommonForms() {}

  /** Whether the class of a command is in the table. */
  public static boolean has(String type) {
    return FormTable.of(type) != null;
  }

  /**
   * The command line of a command.
   *
   * @param commands the program, the group of the command if it is in one, and the command: new
   *     ones, as what a command line does not give is left as it is
   */
  public static CommandLine of(Object... commands) {
    CommandLine root = command(commands[0]);
    CommandLine command = command(commands[commands.length - 1]);
    // From the last one upwards, as what all commands share is added to those that are there.
    for (int i = commands.length - 2; i > 0; i--) {
      command = command(commands[i]).addSubcommand(command);
    }
    root.addSubcommand(command);
    addHelp(root);
    return root;
  }

  private static CommandLine command(Object command) {
    return new CommandLine(new FormReader(command).read());
  }

  private static void addHelp(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    spec.addOption(OptionSpec.builder("-h", "--help").usageHelp(true).build());
    spec.addOption(OptionSpec.builder("-V", "--version").versionHelp(true).build());
    for (CommandLine each : command.getSubcommands().values()) {
      addHelp(each);
    }
  }
}
