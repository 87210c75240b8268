package dev.modelsigning.cli.command;

import dev.modelsigning.model.ModelSource;
import java.io.IOException;
import java.util.List;

/**
 * What reads models for this program where the program itself is part of another one, such as a
 * cluster. There is one only if the other program says so.
 */
public interface Cluster {

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
