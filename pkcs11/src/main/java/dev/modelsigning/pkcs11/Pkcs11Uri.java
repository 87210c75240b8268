package dev.modelsigning.pkcs11;

import dev.modelsigning.pkcs11.internal.uri.TokenUri;
import dev.modelsigning.pkcs11.internal.uri.UriAttribute;
import dev.modelsigning.signing.SigningException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A PKCS #11 URI (RFC 7512), which identifies a key on a token and how to access it. It may contain
 * a PIN, which is never shown.
 *
 * <pre>{@code pkcs11:token=release;object=models?module-name=softhsm2&pin-source=/run/pin}</pre>
 *
 * <p>Every attribute in it must match. Unknown and repeated attributes are refused, since ignoring
 * one could select another key.
 */
public final class Pkcs11Uri {

  private static final Pattern PIN_VALUE =
      Pattern.compile("(pin[-_]value=)[^&\\s]*", Pattern.CASE_INSENSITIVE);

  private final TokenUri uri;

  private Pkcs11Uri(TokenUri uri) {
    this.uri = uri;
  }

  /**
   * Parses a URI.
   *
   * @throws IllegalArgumentException if it is malformed; the message names the attribute and does
   *     not show a PIN
   */
  public static Pkcs11Uri parse(String text) {
    return new Pkcs11Uri(TokenUri.parse(text));
  }

  /** The parsed attributes, for the rest of this module. */
  TokenUri attributes() {
    return uri;
  }

  /**
   * The PIN file, if the URI names one ({@code pin-source}, RFC 7512 2.4).
   *
   * @throws SigningException if {@code pin-source} is not a file
   */
  public Optional<Path> pinFile() throws SigningException {
    return uri.pinFile();
  }

  /** The module, or its directory, if the URI names one ({@code module-path}, RFC 7512 2.4). */
  public Optional<Path> modulePath() {
    return uri.text(UriAttribute.MODULE_PATH).map(Path::of);
  }

  /**
   * Replaces the value of every {@code pin-value} in a text by dots, for messages that repeat user
   * input.
   */
  public static String redact(String text) {
    return PIN_VALUE.matcher(text).replaceAll("$1...");
  }

  /** The URI in normalized form, with the PIN replaced by dots. */
  @Override
  public String toString() {
    return uri.toString();
  }
}
