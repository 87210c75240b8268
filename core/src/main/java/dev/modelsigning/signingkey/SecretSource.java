package dev.modelsigning.signingkey;

import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Supplies the secret of a private key: the password of a file, or the PIN of a token. */
@FunctionalInterface
public interface SecretSource {

  /** A source without secrets. */
  SecretSource NONE = request -> null;

  /** The kind of a secret, which determines its possible sources. */
  enum Kind {
    /** The password of a key file or key store, which may be tried any number of times. */
    PASSWORD,
    /** The PIN of a token, which locks itself after a number of wrong tries. */
    PIN
  }

  /**
   * A request for a secret.
   *
   * @param kind the kind of the secret
   * @param prompt what it protects, safe for display, such as {@code the token release}
   * @param remark a warning for its owner, such as {@code last try}
   */
  record Request(Kind kind, String prompt, Optional<String> remark) {}

  /**
   * Returns the secret. It is requested at most once for a key, and only if the key needs one.
   *
   * @return the secret, or null if there is none; the array of a PIN is overwritten after use, that
   *     of a password is not modified
   * @throws IOException if it cannot be read
   * @throws SigningException if it is not available
   */
  char @Nullable [] secret(Request request) throws IOException, SigningException;

  /**
   * Returns a source of a single password for all requests. It is not suitable for PINs, which are
   * overwritten after use.
   *
   * @param password the password, which is not copied; null for none
   */
  static SecretSource of(char @Nullable [] password) {
    return request -> password;
  }
}
