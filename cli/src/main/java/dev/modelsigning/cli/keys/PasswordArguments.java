package dev.modelsigning.cli.keys;

import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.output.Terminal;
import dev.modelsigning.internal.file.ByteOrderMark;
import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.SecretSource;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The source of the password of a private key or key store. It is never shown. */
public final class PasswordArguments {

  private static final String PASSWORD_VARIABLE = "MODEL_SIGNING_PASSWORD";

  @Option(
      names = "--password",
      paramLabel = "PASSWORD",
      description = "The password of the private key. Visible to others; prefer --password-file.")
  private char @Nullable [] password;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "A file with the password of the private key; one line end is dropped.")
  private @Nullable Path passwordFile;

  /** Returns the source of the password, which may ask for it on the terminal. */
  public SecretSource source(CommandSpec command) {
    if (password != null && passwordFile != null) {
      throw new WrongUsage(command, "--password and --password-file exclude each other");
    }
    return request -> secret(request.prompt(), command);
  }

  /** Whether a password was given by an option. */
  public boolean isGiven() {
    return password != null || passwordFile != null;
  }

  /** The file with the password, if one was given. */
  public List<Path> files() {
    return passwordFile == null ? List.of() : List.of(passwordFile);
  }

  private char @Nullable [] secret(String file, CommandSpec command)
      throws IOException, SigningException {
    char[] given = given(command);
    if (given != null) {
      return given;
    }
    Console console = Terminal.console();
    if (console != null) {
      return Terminal.secret(console, "Password of " + file);
    }
    throw new SigningException(
        file
            + ": the private key is encrypted; give its password with --password-file or in "
            + PASSWORD_VARIABLE);
  }

  /**
   * Returns the password for a new private key.
   *
   * @param ask whether to ask for a password that was not given otherwise
   * @return null if there is none, and it is not asked for
   * @throws SigningException if it is empty, the two inputs differ, or there is no terminal
   */
  char @Nullable [] forNewKey(boolean ask, CommandSpec command)
      throws IOException, SigningException {
    source(command); // refuses two passwords
    char[] given = given(command);
    if (given == null && ask) {
      given = typedTwice();
    }
    if (given != null && given.length == 0) {
      throw new SigningException("the password for the new private key is empty");
    }
    return given;
  }

  private static char[] typedTwice() throws SigningException {
    Console console = Terminal.console();
    if (console == null) {
      throw new SigningException(
          "there is no terminal to ask for a password; give it with --password-file or in "
              + PASSWORD_VARIABLE);
    }
    char[] first = Terminal.secret(console, "Password for the new private key");
    char[] second = Terminal.secret(console, "The same once more");
    if (first == null || second == null || !Arrays.equals(first, second)) {
      throw new SigningException("the passwords differ, or none was typed");
    }
    return first;
  }

  private char @Nullable [] given(CommandSpec command) throws IOException {
    if (password != null) {
      return password;
    }
    if (passwordFile != null) {
      return read(passwordFile);
    }
    String variable = Program.of(command).environment().get(PASSWORD_VARIABLE);
    return variable != null && !variable.isEmpty() ? variable.toCharArray() : null;
  }

  private static char[] read(Path file) throws IOException {
    String text = ByteOrderMark.text(file, SmallFile.read(file, FileKind.PASSWORD));
    return withoutLineEnd(text).toCharArray();
  }

  private static String withoutLineEnd(String text) {
    if (text.endsWith("\r\n")) {
      return text.substring(0, text.length() - 2);
    }
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }
}
