package dev.modelsigning.sigstore;

import dev.modelsigning.internal.file.ByteOrderMark;
import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/**
 * Supplies an identity token when it is needed: tokens have a lifetime of minutes, and hashing a
 * model can take longer. This is an extension point.
 */
@FunctionalInterface
public interface IdentityTokenSource {

  /**
   * Returns a token that has not expired.
   *
   * @throws IOException if a required service cannot be reached
   * @throws SigningException if no token is available; the message gives the remedy
   */
  IdentityToken token() throws IOException, SigningException;

  /**
   * Requests a token and refuses it if it has expired, so that this is reported before a model is
   * hashed, which can take hours. Signing checks each token again when it is needed.
   *
   * @return this source
   * @throws IOException if a required service cannot be reached
   * @throws SigningException if no token is available, or it has expired
   */
  default IdentityTokenSource requireUnexpired() throws IOException, SigningException {
    Instant expiry = token().expiry();
    if (expiry.isBefore(Instant.now())) {
      throw new SigningException(
          "the identity token expired at " + expiry + "; get a new one, nothing was signed");
    }
    return this;
  }

  /**
   * Returns a source of a single token.
   *
   * @param token the token as text
   * @throws SigningException if it is malformed
   */
  static IdentityTokenSource of(String token) throws SigningException {
    IdentityToken parsed = IdentityToken.parse(token);
    return () -> parsed;
  }

  /**
   * Returns a source that reads a token from a file. The file is read again each time a token is
   * needed, since the token may have been renewed.
   *
   * @param file a file that contains only a token; a pipe is read once
   * @throws IOException if the file cannot be read
   * @throws SigningException if it contains no token
   */
  static IdentityTokenSource fromFile(Path file) throws IOException, SigningException {
    // An invalid file should be reported now, not after the model was hashed.
    IdentityToken now = read(file);
    // A pipe, for example from shell process substitution, can be read only once.
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
   * Returns a source with the token in an environment variable.
   *
   * @param environment the environment, such as {@link System#getenv()}
   * @param variable the name of the variable
   * @throws SigningException if it is not set, or contains no token
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
