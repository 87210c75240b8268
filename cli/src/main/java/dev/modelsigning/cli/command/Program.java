package dev.modelsigning.cli.command;

import dev.modelsigning.cli.output.Output;
import dev.modelsigning.model.ModelSource;
import java.io.IOException;
import java.util.List;
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

  /**
   * Notes that the command fails, before anybody is told: a program that is told to end meanwhile
   * must not end as if it had succeeded, and the file for the verdict must not have an older one.
   *
   * @param why why it fails
   */
  void failing(Exception why);

  /** What reads models instead of this program, if it is part of another one. */
  default Optional<Cluster> cluster() {
    return Optional.empty();
  }

  /**
   * What reads models for this program where the program itself is part of another one, such as a
   * cluster. There is one only if the other program says so.
   */
  interface Cluster {

    /** How models there are named, for messages. */
    String forms();

    /** The words with which a command begins there, in place of the name of this program. */
    List<String> program();

    /** Whether an argument names a model there. */
    boolean isMeant(String argument);

    /**
     * Opens a model. Nothing is started before.
     *
     * @throws IllegalArgumentException if the argument has not the form that it must have
     * @throws IOException if the model cannot be reached, or must not be
     */
    ModelSource open(String argument) throws IOException;
  }
}
