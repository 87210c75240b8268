package dev.modelsigning.kms.vault;

import java.net.URI;
import java.security.InvalidKeyException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URI of a key, as cosign spells it: a scheme and the name of the key. Nothing of a URI that is
 * refused is shown, as it may contain a secret.
 *
 * @param scheme {@link #VAULT} or {@link #OPENBAO}
 * @param key the name of the key
 */
record VaultUri(String scheme, String key) {

  static final String VAULT = "hashivault";
  static final String OPENBAO = "openbao";

  private static final int MAX_LENGTH = 250;

  private static final Pattern FORM =
      Pattern.compile("([A-Za-z]+)://([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)");

  /**
   * Parses a URI.
   *
   * @throws InvalidKeyException if it is no name of a key, or has anything else in it
   */
  static VaultUri parse(URI uri) throws InvalidKeyException {
    Matcher matcher = FORM.matcher(uri.toString());
    if (!matcher.matches()) {
      throw refused(uri, found(uri));
    }
    if (matcher.group(2).length() > MAX_LENGTH) {
      throw refused(uri, "one of more than " + MAX_LENGTH + " characters");
    }
    return new VaultUri(scheme(uri), matcher.group(2));
  }

  private static String scheme(URI uri) {
    return String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
  }

  private static String found(URI uri) {
    String authority = uri.getRawAuthority();
    if (uri.isOpaque() || authority == null) {
      return "one without a name";
    }
    if (authority.indexOf('@') >= 0) {
      return "one with a user or a password, which come from the environment only";
    }
    if (uri.getRawQuery() != null) {
      return "one with a query";
    }
    if (uri.getRawFragment() != null) {
      return "one with a fragment";
    }
    if (uri.getRawPath() != null && !uri.getRawPath().isEmpty()) {
      return "one with a path; the engine is named by TRANSIT_SECRET_ENGINE_PATH, and the version is"
          + " always the latest";
    }
    return "a name of other characters than letters, digits, '_', '-' and '.'";
  }

  private static InvalidKeyException refused(URI uri, String found) {
    return new InvalidKeyException("expected " + scheme(uri) + "://KEY, found " + found);
  }
}
