package dev.modelsigning.sigstore;

import dev.modelsigning.signing.SigningException;
import dev.modelsigning.sigstore.internal.service.JsonWebToken;
import java.time.Instant;

/**
 * An identity token (OpenID Connect {@code ID Token}, a JWT). Until it expires, anyone who has it
 * can sign in the name of its subject, so it is never shown.
 *
 * <p>Its signature is not verified here: the certificate authority does that. Its claims are only
 * used to detect early that it would be refused.
 */
public final class IdentityToken {

  private final JsonWebToken token;

  private IdentityToken(JsonWebToken token) {
    this.token = token;
  }

  /**
   * Parses a token.
   *
   * @param text the token; white space around it is ignored
   * @throws SigningException if it is malformed; the message does not show it
   */
  public static IdentityToken parse(String text) throws SigningException {
    return new IdentityToken(JsonWebToken.parse(text));
  }

  /**
   * The parsed token, with the secret text that is sent to the certificate authority and must not
   * be shown.
   */
  JsonWebToken content() {
    return token;
  }

  /** The expiry time. */
  public Instant expiry() {
    return token.expiry();
  }

  /** The expiry time, never the token. */
  @Override
  public String toString() {
    return token.toString();
  }
}
