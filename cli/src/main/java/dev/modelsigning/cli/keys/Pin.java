package dev.modelsigning.cli.keys;

import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.output.Terminal;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.SecretSource;
import java.io.Console;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** The source of a token's PIN that is not in its URI. It is never shown. */
public final class Pin {

  private static final String PIN_VARIABLE = "PKCS11_PIN";

  private Pin() {}

  /**
   * Returns the PIN, from the environment or the terminal.
   *
   * @return null if the terminal was closed
   * @throws SigningException if there is neither, or the variable is empty
   */
  public static char @Nullable [] of(SecretSource.Request request, CommandSpec command)
      throws SigningException {
    String token = request.prompt();
    String variable = Program.of(command).environment().get(PIN_VARIABLE);
    if (variable != null && variable.isEmpty()) {
      throw new SigningException(
          PIN_VARIABLE
              + " is set to nothing, so no PIN was tried on the token "
              + token
              + "; set it to the PIN, or unset it to be asked");
    }
    if (variable != null) {
      return variable.toCharArray();
    }
    Console console = Terminal.console();
    if (console != null) {
      return Terminal.secret(
          console,
          "PIN of the token " + token + request.remark().map(text -> " (" + text + ")").orElse(""));
    }
    throw new SigningException(
        "the token "
            + token
            + " wants a PIN; give it in a file that the URI names, as in"
            + " '?pin-source=file:/run/pin', or in "
            + PIN_VARIABLE);
  }
}
