package dev.modelsigning.sigstore.internal.service;

import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.sigstore.internal.data.JsonFields;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;

/**
 * The claims of an identity token (JSON Web Token, RFC 7519), and the token itself. Its signature
 * is not verified here: the certificate authority does that. Its claims are only used to detect
 * early that it would be refused.
 */
public final class JsonWebToken {

  /** The largest number of characters of a token. */
  public static final int MAX_LENGTH = 64 * 1024;

  private static final long MAX_TOKENS = 10_000;

  /** The tolerance for differences between clocks. */
  private static final Duration LEEWAY = Duration.ofSeconds(5);

  private final String text;
  private final JsonFields claims;
  private final Instant expiry;

  private JsonWebToken(String text, JsonFields claims, Instant expiry) {
    this.text = text;
    this.claims = claims;
    this.expiry = expiry;
  }

  /**
   * Parses a token.
   *
   * @param text the token; white space around it is ignored
   * @throws SigningException if it is malformed; the message does not show it
   */
  public static JsonWebToken parse(String text) throws SigningException {
    String token = text.strip();
    String[] parts = token.split("\\.", -1);
    if (token.length() > MAX_LENGTH || parts.length != 3 || !token.matches("[A-Za-z0-9_.-]+")) {
      throw malformed("expected three parts in Base64 with dots between them (RFC 7519)");
    }
    try {
      JsonFields claims =
          JsonFields.read("identity token", Base64.getUrlDecoder().decode(parts[1]), MAX_TOKENS);
      return new JsonWebToken(token, claims, claims.numericDate("exp"));
    } catch (IllegalArgumentException e) {
      throw malformed("its second part is not Base64");
    } catch (MalformedJsonException e) {
      throw malformed("" + e.getMessage());
    }
  }

  private static SigningException malformed(String problem) {
    return new SigningException(
        "the identity token is malformed: "
            + problem
            + "; get a new one from the identity provider");
  }

  /** Refuses a token that has expired. */
  public void requireUnexpired(Instant now) throws SigningException {
    if (expiry.plus(LEEWAY).isBefore(now)) {
      throw new SigningException(
          "the identity token expired at "
              + expiry
              + ", now it is "
              + now.truncatedTo(ChronoUnit.SECONDS)
              + "; get a new one, and if it is new, set the clock");
    }
  }

  /** Refuses a token that was not issued for this sign-in. */
  public void requireNonce(String nonce) throws SigningException {
    if (!claims.optionalText("nonce").equals(Optional.of(nonce))) {
      throw new SigningException(
          "the identity token was not made for this sign-in: it has another nonce, or none");
    }
  }

  /** The identity of its subject. */
  public TokenIdentity identity() {
    return new TokenIdentity(claims);
  }

  /** The token itself, which is sent to services and must not be shown. */
  public String secret() {
    return text;
  }

  /** The expiry time. */
  public Instant expiry() {
    return expiry;
  }

  /** The expiry time, never the token. */
  @Override
  public String toString() {
    return "identity token until " + expiry;
  }
}
