package dev.modelsigning.signingkey;

import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Supplies what opens a private key: the password of a file, the PIN of a token. */
@FunctionalInterface
public interface SecretSource {

  /** A source that knows none. */
  SecretSource NONE = request -> null;

  /** What a secret is, which decides where it may come from. */
  enum Kind {
    /** The password of a key file or key store, which may be tried as often as one likes. */
    PASSWORD,
    /** The PIN of a token, which counts wrong tries and then locks itself. */
    PIN
  }

  /**
   * What is asked for.
   *
   * @param kind what it is
   * @param prompt what it is the secret of, safe to show, such as {@code the token release}
   * @param remark what its owner should know before giving it, such as {@code last try}
   */
  record Request(Kind kind, String prompt, Optional<String> remark) {}

  /**
   * The secret. It is asked for at most once for a key, and only if the key wants one.
   *
   * @return the secret, or null if there is none; the array of a PIN is overwritten after use, that
   *     of a password is not changed
   * @throws IOException if it cannot be read
   * @throws SigningException if there is no way to get it
   */
  char @Nullable [] secret(Request request) throws IOException, SigningException;

  /**
   * A source that gives the same secret whatever is asked for, so that it is for passwords and not
   * for PINs, which are overwritten after use.
   *
   * @param password the password, which is not copied; null for none
   */
  static SecretSource of(char @Nullable [] password) {
    return request -> password;
  }
}
