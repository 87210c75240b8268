package dev.modelsigning.cli.command;

import dev.modelsigning.cli.output.Output;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** The program as its commands see it: where they print, and the environment that it runs in. */
public interface Program {

  /** The program that a command is one of. */
  static Program of(CommandSpec command) {
    return (Program) command.root().userObject();
  }

  /**
   * Where a command prints.
   *
   * @param quiet whether it was told to print nothing but failures
   */
  Output output(boolean quiet);

  /** The variables of the environment. */
  Map<String, String> environment();

  /** What reads models instead of this program, if it is part of another one. */
  default Optional<Cluster> cluster() {
    return Optional.empty();
  }
}
