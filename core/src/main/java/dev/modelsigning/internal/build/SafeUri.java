package dev.modelsigning.internal.build;

import dev.modelsigning.internal.json.Printable;
import java.net.URI;
import java.net.URISyntaxException;

/** URIs that are published in a predicate, so they must not have credentials. */
public final class SafeUri {

  private static final int MAX_LENGTH = 2_000;
  private static final int MAX_TEXT = 1_000;

  private SafeUri() {}

  /**
   * Checks a URI.
   *
   * @param what its name in messages
   * @return the URI
   * @throws IllegalArgumentException if it has no scheme, is too long, is not ASCII, or has
   *     credentials, which the message does not repeat
   */
  public static String require(String what, String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          what + ": expected at most " + MAX_LENGTH + " characters, found " + text.length());
    }
    // Before it is shown in any message. Whether it is one or not, what stands before the @ of an
    // authority may be a password.
    if (hasCredentials(text)) {
      throw new IllegalArgumentException(
          what + ": has a user name or password, which would be published");
    }
    if (!isAbsolute(text)) {
      throw new IllegalArgumentException(
          what + ": expected a URI with a scheme (RFC 3986), found " + Printable.quote(text));
    }
    return text;
  }

  /**
   * Checks a text that is published too, and may be an address.
   *
   * @param what its name in messages
   * @return the text
   * @throws IllegalArgumentException if it is empty, too long, has control characters or half of a
   *     surrogate pair, or is an address with credentials
   */
  public static String requireText(String what, String text) {
    if (text.isEmpty() || text.length() > MAX_TEXT) {
      throw new IllegalArgumentException(
          what + ": expected 1 to " + MAX_TEXT + " characters, found " + text.length());
    }
    if (text.codePoints()
        .anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE)) {
      throw new IllegalArgumentException(
          what + ": has control characters, or half of a surrogate pair");
    }
    if (hasCredentials(text)) {
      throw new IllegalArgumentException(
          what + ": has a user name or password, which would be published");
    }
    return text;
  }

  private static boolean hasCredentials(String text) {
    for (int at = text.indexOf("//"); at >= 0; at = text.indexOf("//", at + 1)) {
      int end = at + 2;
      while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
        end++;
      }
      if (text.substring(at + 2, end).indexOf('@') >= 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether a text is a URI with a scheme, in ASCII (RFC 3986). */
  public static boolean isAbsolute(String text) {
    try {
      URI uri = new URI(text);
      return uri.isAbsolute() && uri.toASCIIString().equals(text);
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** Whether it is an address of the web, with a host. */
  static boolean isWeb(String text) {
    URI uri = URI.create(text);
    return ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
        && uri.getHost() != null;
  }
}
