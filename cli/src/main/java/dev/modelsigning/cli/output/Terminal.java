package dev.modelsigning.cli.output;

import dev.modelsigning.internal.json.Printable;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The terminal of the user, for questions. */
public final class Terminal {

  /**
   * The property with which the launcher tells that standard error is a terminal, which Java cannot
   * determine.
   */
  static final String ERROR_PROPERTY = "modelsigning.terminal";

  /**
   * The property with which the launcher tells the number of columns of the terminal, which Java
   * cannot determine.
   */
  private static final String COLUMNS_PROPERTY = "modelsigning.columns";

  private Terminal() {}

  /**
   * Finds out whether standard error is a terminal, for a program that our launcher does not start:
   * on Linux, a link leads to it.
   */
  public static void recognize() {
    if (System.getProperty(ERROR_PROPERTY) == null) {
      boolean found;
      try {
        String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
        found = target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
      } catch (IOException e) {
        found = false; // another system
      }
      System.setProperty(ERROR_PROPERTY, Boolean.toString(found));
    }
  }

  /** The number of columns of the terminal, as far as known. */
  public static int columns() {
    return Math.max(2, Integer.getInteger(COLUMNS_PROPERTY, 80));
  }

  /**
   * Asks for a secret, without echo.
   *
   * @param prompt the prompt, which may contain untrusted text
   * @return what was typed, or null if the terminal was closed
   */
  public static char @Nullable [] secret(Console console, String prompt) {
    return console.readPassword("%s: ", Printable.escape(prompt));
  }

  /** Asks a question; only the word yes or its first letter means yes. */
  public static boolean agrees(Console console, String question) {
    String answer = console.readLine("%s [y/N] ", Printable.escape(question));
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
  }

  /**
   * The terminal, or null if there is none. Before Java 22 there is no console without a terminal;
   * later there always is one, which knows whether it is a terminal.
   */
  @SuppressWarnings("SystemConsoleNull")
  public static @Nullable Console console() {
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
