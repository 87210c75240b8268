package dev.modelsigning.cli.output;

import dev.modelsigning.internal.json.Printable;
import java.io.Console;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a person can be asked. */
public final class Terminal {

  /** Says that standard error is a terminal; the launcher knows, Java does not. */
  static final String ERROR_PROPERTY = "modelsigning.terminal";

  /** How many columns the terminal has; the launcher knows, Java does not. */
  private static final String COLUMNS_PROPERTY = "modelsigning.columns";

  private Terminal() {}

  /** How many columns the terminal has, as far as that is known. */
  public static int columns() {
    return Math.max(2, Integer.getInteger(COLUMNS_PROPERTY, 80));
  }

  /**
   * Asks for a secret, which is not shown while it is typed.
   *
   * @param prompt what to ask for, which may name something from outside
   * @return what was typed, or null if the terminal was closed
   */
  public static char @Nullable [] secret(Console console, String prompt) {
    return console.readPassword("%s: ", Printable.escape(prompt));
  }

  /** Asks a question, which only the word yes or its first letter answers with yes. */
  public static boolean agrees(Console console, String question) {
    String answer = console.readLine("%s [y/N] ", Printable.escape(question));
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
  }

  /**
   * The terminal, or null if there is none. Before Java 22 no terminal means no console; later
   * there always is a console, which can tell.
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
