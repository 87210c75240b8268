package dev.modelsigning.cli;

import java.io.Console;
import org.jspecify.annotations.Nullable;

/** Where a person can be asked. */
final class Terminal {

  private Terminal() {}

  /**
   * The terminal, or null if there is none. Before Java 22 no terminal means no console; later
   * there always is a console, which can tell.
   */
  @SuppressWarnings("SystemConsoleNull")
  static @Nullable Console console() {
    Console console = System.console();
    if (console == null) {
      return null;
    }
    try {
      Object answer = Console.class.getMethod("isTerminal").invoke(console);
      return Boolean.TRUE.equals(answer) ? console : null;
    } catch (NoSuchMethodException e) {
      return console;
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }
}
