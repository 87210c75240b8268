package dev.modelsigning.sigstore;

import dev.modelsigning.internal.file.ByteOrderMark;
import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Gets an identity token at the moment when it is needed: tokens live for minutes, and hashing a
 * model can take longer. This is an extension point.
 */
@FunctionalInterface
public interface IdentityTokenSource {

  /**
   * A token of now.
   *
   * @throws IOException if a service that is needed cannot be reached
   * @throws SigningException if there is no token to be had; the message says what to do
   */
  IdentityToken token() throws IOException, SigningException;

  /**
   * One token.
   *
   * @param token the token as text
   * @throws SigningException if it is not one
   */
  static IdentityTokenSource of(String token) throws SigningException {
    IdentityToken parsed = IdentityToken.parse(token);
    return () -> parsed;
  }

  /**
   * The token in a file, which is read again when the token is needed: whoever put it there may
   * have put a fresh one meanwhile.
   *
   * @param file a file with a token and nothing else; a pipe is read once
   * @throws IOException if the file cannot be read
   * @throws SigningException if it holds no token
   */
  static IdentityTokenSource fromFile(Path file) throws IOException, SigningException {
    // A mistake should come to light now, and not once the model is hashed.
    IdentityToken now = read(file);
    // A pipe, as a shell makes it for a command, can be read only once.
    return Files.isRegularFile(file) ? () -> read(file) : () -> now;
  }

  private static IdentityToken read(Path file) throws IOException, SigningException {
    String text = ByteOrderMark.text(file, SmallFile.read(file, FileKind.IDENTITY_TOKEN));
    try {
      return IdentityToken.parse(text);
    } catch (SigningException e) {
      throw new SigningException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * The token in a variable of the environment.
   *
   * @param environment the environment, such as {@link System#getenv()}
   * @param variable the name of the variable
   * @throws SigningException if it is not set, or holds no token
   */
  static IdentityTokenSource fromEnvironment(Map<String, String> environment, String variable)
      throws SigningException {
    String token = environment.get(variable);
    if (token == null || token.isBlank()) {
      throw new SigningException("the environment variable " + variable + " is not set");
    }
    try {
      return of(token);
    } catch (SigningException e) {
      throw new SigningException("environment variable " + variable + ": " + e.getMessage(), e);
    }
  }
}
