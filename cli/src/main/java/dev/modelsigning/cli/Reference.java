package dev.modelsigning.cli;

import dev.modelsigning.cli.output.Output;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** What the program can do, for those who write about it: manual pages and completions. */
public final class Reference {

  /** The shells that there is a completion script for. */
  public static final List<String> SHELLS = CompletionCommand.shells();

  private Reference() {}

  /** The top of all commands that packages have. They are to be looked at; none can be run. */
  public static CommandSpec commands() {
    RootCommand top = new RootCommand(Output.nowhere(), MachineVerdict.of(new String[0]), Map.of());
    return Commands.packaged(top).getCommandSpec();
  }

  /**
   * The document in which more is said about a command, such as {@code docs/json.md}, from the top
   * of the sources.
   */
  public static String document(CommandSpec command) {
    return Commands.document(command);
  }

  /**
   * The script that completes command lines.
   *
   * @param shell one of {@link #SHELLS}
   * @throws IllegalArgumentException if there is none for this shell
   */
  public static String completion(String shell) {
    return CompletionCommand.script(commands(), shell);
  }
}
