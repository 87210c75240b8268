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
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Where the password of a private key or key store comes from. It is never shown. */
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

  /** Where the password of a private key or key store comes from, which may be to ask for it. */
  public SecretSource source(CommandSpec command) {
    if (password != null && passwordFile != null) {
      throw new WrongUsage(command, "--password and --password-file exclude each other");
    }
    return request -> secret(request.prompt(), command);
  }

  /** The file with the password, if there is one. */
  public List<Path> files() {
    return passwordFile == null ? List.of() : List.of(passwordFile);
  }

  private char @Nullable [] secret(String file, CommandSpec command)
      throws IOException, SigningException {
    if (password != null) {
      return password;
    }
    if (passwordFile != null) {
      return read(passwordFile);
    }
    String variable = Program.of(command).environment().get(PASSWORD_VARIABLE);
    if (variable != null && !variable.isEmpty()) {
      return variable.toCharArray();
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
