package dev.modelsigning.sigstore;

import dev.modelsigning.signing.SigningException;
import dev.modelsigning.sigstore.internal.service.JsonWebToken;
import java.time.Instant;

/**
 * An identity token (OpenID Connect {@code ID Token}, a JWT). Whoever has it can sign in the name
 * that it is for until it expires, so it is never shown.
 *
 * <p>Its signature is not verified here: that is for the certificate authority to do. What it says
 * is only used to find out early that it would be refused.
 */
public final class IdentityToken {

  private final JsonWebToken token;

  private IdentityToken(JsonWebToken token) {
    this.token = token;
  }

  /**
   * Reads a token.
   *
   * @param text the token; white space around it is passed over
   * @throws SigningException if it is not a token; the message does not show it
   */
  public static IdentityToken parse(String text) throws SigningException {
    return new IdentityToken(JsonWebToken.parse(text));
  }

  /** What it says, and the token itself, to be sent and not to be shown. */
  JsonWebToken content() {
    return token;
  }

  /** When it expires. */
  public Instant expiry() {
    return token.expiry();
  }

  /** When it expires, and never the token. */
  @Override
  public String toString() {
    return token.toString();
  }
}
