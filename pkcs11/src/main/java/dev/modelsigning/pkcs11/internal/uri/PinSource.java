package dev.modelsigning.pkcs11.internal.uri;

import dev.modelsigning.signing.SigningException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;

/** Interprets {@code pin-source} (RFC 7512 2.4). */
final class PinSource {

  private PinSource() {}

  /** The file that {@code pin-source} names: a file URI, or an absolute path (RFC 7512 2.4). */
  static Path file(String source) throws SigningException {
    try {
      if (source.toLowerCase(Locale.ROOT).startsWith("file:")) {
        return Path.of(new URI(source));
      }
      Path path = Path.of(source);
      if (path.isAbsolute()) {
        return path;
      }
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw unusable(source); // without the cause, whose message shows the text
    }
    throw unusable(source);
  }

  /** Whether {@code pin-source} names a file. */
  static boolean isFile(String source) {
    try {
      return file(source).isAbsolute();
    } catch (SigningException e) {
      return false;
    }
  }

  private static SigningException unusable(String source) {
    return new SigningException(
        "pin-source in the PKCS #11 URI: expected an absolute path or a URI such as"
            + " file:/run/pin, found "
            // The user may have written the PIN itself.
            + (source.startsWith("|") ? "a command, which is not run" : "something else"));
  }
}
