package dev.modelsigning.sigstore.identity;

import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.sigstore.internal.data.JsonFields;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The address of an identity provider and its endpoints. Anyone who can read what is sent there can
 * sign in the user's name, so TLS is required, except for a provider on this machine.
 *
 * @param issuer the issuer URL, which is also its name
 */
record ProviderAddress(URI issuer) {

  private static final String PROVIDER = "the identity provider";
  private static final Pattern IPV4_LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}");

  static ProviderAddress of(URI issuer) {
    return new ProviderAddress(issuer);
  }

  /** Refuses a provider whose issuer URL is not secure. */
  void requireSafe() throws SigningException {
    requireSafe("address", issuer);
  }

  /**
   * Returns an endpoint of the provider.
   *
   * @param metadata its metadata (OpenID Connect Discovery)
   * @param name the field
   */
  URI endpoint(JsonFields metadata, String name) throws SigningException {
    URI uri;
    try {
      uri = new URI(metadata.text(name));
    } catch (MalformedJsonException | URISyntaxException e) {
      throw new SigningException(PROVIDER + " does not say where its " + name + " is", e);
    }
    if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw new SigningException(
          PROVIDER
              + " has a "
              + name
              + " that is not an address on the web: expected a host, no user and no fragment");
    }
    requireSafe(name, uri);
    return uri;
  }

  private void requireSafe(String name, URI uri) throws SigningException {
    boolean overTls = "https".equalsIgnoreCase(uri.getScheme());
    boolean onThisMachine = isLocal(issuer) && isLocal(uri);
    if (!overTls && !onThisMachine) {
      throw new SigningException(
          "the "
              + name
              + " of "
              + PROVIDER
              + " is not safe, as others could read there who signs in: expected https, found "
              + ServiceClient.show(uri));
    }
  }

  /** Whether it is without TLS and on the loopback interface, by name or address. */
  private static boolean isLocal(URI uri) {
    String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    return "http".equalsIgnoreCase(uri.getScheme())
        && (host.equals("localhost")
            || host.equals("[::1]")
            || IPV4_LOOPBACK.matcher(host).matches());
  }
}
