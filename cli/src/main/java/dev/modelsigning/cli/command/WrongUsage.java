package dev.modelsigning.cli.command;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Wrong usage of a command, in words of ours, which repeat nothing that may be a secret. */
public final class WrongUsage extends ParameterException {

  private static final long serialVersionUID = 1L;

  /**
   * What a command was asked for and cannot do.
   *
   * @param message what is wrong; shown as it is
   */
  public WrongUsage(CommandSpec command, String message) {
    super(command.commandLine(), message);
  }

  /** The same with its cause. */
  public WrongUsage(CommandSpec command, String message, Throwable cause) {
    super(command.commandLine(), message, cause);
  }
}
