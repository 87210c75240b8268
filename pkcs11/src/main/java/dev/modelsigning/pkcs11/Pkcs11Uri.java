package dev.modelsigning.pkcs11;

import dev.modelsigning.pkcs11.internal.uri.TokenUri;
import dev.modelsigning.pkcs11.internal.uri.UriAttribute;
import dev.modelsigning.signing.SigningException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A PKCS #11 URI (RFC 7512): which key on which token, and how to get at it. It may hold a PIN,
 * which is never shown.
 *
 * <pre>{@code pkcs11:token=release;object=models?module-name=softhsm2&pin-source=/run/pin}</pre>
 *
 * <p>Every attribute that is given has to match. Unknown and repeated attributes are refused, since
 * to pass over one could mean to sign with another key.
 */
public final class Pkcs11Uri {

  private static final Pattern PIN_VALUE =
      Pattern.compile("(pin[-_]value=)[^&\\s]*", Pattern.CASE_INSENSITIVE);

  private final TokenUri uri;

  private Pkcs11Uri(TokenUri uri) {
    this.uri = uri;
  }

  /**
   * Reads a URI.
   *
   * @throws IllegalArgumentException if it is not one; the message names the attribute and does not
   *     show a PIN
   */
  public static Pkcs11Uri parse(String text) {
    return new Pkcs11Uri(TokenUri.parse(text));
  }

  /** What it says, for the rest of this module. */
  TokenUri attributes() {
    return uri;
  }

  /**
   * The file with the PIN that it names, if it does ({@code pin-source}, RFC 7512 2.4).
   *
   * @throws SigningException if what it names is no file
   */
  public Optional<Path> pinFile() throws SigningException {
    return uri.pinFile();
  }

  /** The module, or the directory with it, that it names ({@code module-path}, RFC 7512 2.4). */
  public Optional<Path> modulePath() {
    return uri.text(UriAttribute.MODULE_PATH).map(Path::of);
  }

  /**
   * A text with the value of every {@code pin-value} in it replaced by dots, for messages that
   * repeat what a user typed.
   */
  public static String redact(String text) {
    return PIN_VALUE.matcher(text).replaceAll("$1...");
  }

  /** The URI in a normal form, the PIN replaced by dots. */
  @Override
  public String toString() {
    return uri.toString();
  }
}
