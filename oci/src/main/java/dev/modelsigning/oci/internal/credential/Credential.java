package dev.modelsigning.oci.internal.credential;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What authenticates a user to a registry: a user name with a password, or a token. Its text shows
 * none of the secrets.
 */
public final class Credential {

  /** The kinds of secrets. */
  public enum Kind {
    /** A user and a password, or a token in its place. */
    PASSWORD,
    /** A token with which the token server issues others (OAuth 2.0 refresh token). */
    IDENTITY_TOKEN,
    /** A token that the registry itself takes. */
    REGISTRY_TOKEN
  }

  private final Kind kind;
  private final String user;
  private final String secret;
  private final String origin;

  private Credential(Kind kind, String user, String secret, String origin) {
    this.kind = kind;
    this.user = user;
    this.secret = secret;
    this.origin = origin;
  }

  static Credential password(String user, String password, String origin) {
    return new Credential(Kind.PASSWORD, user, password, origin);
  }

  static Credential token(Kind kind, String token, String origin) {
    return new Credential(kind, "", token, origin);
  }

  /** What kind of secret it has. */
  public Kind kind() {
    return kind;
  }

  /** The name of the user, empty with a token. */
  public String user() {
    return user;
  }

  /** The password or token, which is never shown. */
  public String secret() {
    return secret;
  }

  /** Where it is from, for messages: a file or a helper. */
  public String origin() {
    return origin;
  }

  /** The value of a header {@code Authorization} with user and password (RFC 7617). */
  public String basic() {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "a credential of " + origin;
  }
}
