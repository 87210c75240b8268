package dev.modelsigning.kms.aws;

import java.net.URI;
import java.security.InvalidKeyException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URI of a key, as cosign spells it. Nothing of a URI that is refused is shown, as it may
 * contain a secret.
 *
 * @param endpoint host and port; empty for the service of the region
 * @param key the id, alias or ARN
 * @param region the region that an ARN names
 */
record KmsUri(Optional<String> endpoint, String key, Optional<String> region) {

  private static final String HOST = "(|[A-Za-z0-9.-]+(?::[0-9]{1,5})?|\\[::1\\](?::[0-9]{1,5})?)";

  private static final String ID =
      "(?:mrk-[0-9a-f]{32}|[0-9A-Fa-f]{8}-?(?:[0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12})";

  private static final String ALIAS = "alias/[A-Za-z0-9/_-]{1,250}";

  private static final String ARN =
      "arn:aws[a-z-]{0,20}:kms:([a-z0-9-]{1,40}):[0-9]{12}:(?:key/" + ID + "|" + ALIAS + ")";

  private static final Pattern FORM =
      Pattern.compile("(?i:awskms)://" + HOST + "/(" + ID + "|" + ALIAS + "|" + ARN + ")");

  /**
   * Parses a URI.
   *
   * @throws InvalidKeyException if it does not name a key, or has anything else in it
   */
  static KmsUri parse(URI uri) throws InvalidKeyException {
    Matcher matcher = FORM.matcher(uri.toString());
    if (!matcher.matches()) {
      throw new InvalidKeyException(
          "expected awskms:///KEY or awskms://ENDPOINT/KEY, where KEY is the id of a key, alias/NAME,"
              + " or the ARN of either, found "
              + found(uri));
    }
    return new KmsUri(
        Optional.of(matcher.group(1)).filter(host -> !host.isEmpty()),
        matcher.group(2),
        Optional.ofNullable(matcher.group(3)));
  }

  private static String found(URI uri) {
    String authority = uri.getRawAuthority();
    if (authority != null && authority.indexOf('@') >= 0) {
      return "one with a user or a password, which come from the environment only";
    }
    if (uri.getRawQuery() != null) {
      return "one with a query";
    }
    if (uri.getRawFragment() != null) {
      return "one with a fragment";
    }
    if (uri.isOpaque() || uri.getRawPath() == null || uri.getRawPath().length() < 2) {
      return "one without a key";
    }
    return "another name of a key";
  }
}
